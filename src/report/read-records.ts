import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ChaosError, messageOf } from '../core/errors.ts';
import { SCHEMA_VERSION } from '../run/record.ts';
import type { RunRecord } from './record.ts';

/**
 * Every run record below a folder of reports.
 * @throws ChaosError `usage` where there is no such folder, `bad-file` for a record that cannot be read
 */
export function readRecords(reports: string): RunRecord[] {
  if (!existsSync(reports)) {
    throw new ChaosError('usage', `There is no folder ${reports}.`, {
      hint: 'chaos run writes records to reports/',
    });
  }
  const files = readdirSync(reports).map((name) => join(reports, name, 'run.json'));
  return files.filter((file) => existsSync(file)).map(readRecord);
}

function readRecord(file: string): RunRecord {
  try {
    const record = JSON.parse(readFileSync(file, 'utf8')) as RunRecord;
    if (record.schemaVersion === SCHEMA_VERSION) return record;
    throw new Error(`its schemaVersion is ${record.schemaVersion}, not ${SCHEMA_VERSION}`);
  } catch (error) {
    throw new ChaosError('bad-file', `${file} is no run record: ${messageOf(error)}.`, { cause: error });
  }
}
