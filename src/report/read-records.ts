import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ChaosError, messageOf } from '../core/errors.ts';
import { SCHEMA_VERSION } from '../run/record.ts';
import type { RawSamples } from '../run/samples.ts';
import type { RunRecord } from './record.ts';
import { decodeSamples, textOfSamples } from './samples.ts';

/** A record with the file it was read from, and that file's text. */
export interface RecordFile {
  file: string;
  text: string;
  record: RunRecord;
}

/**
 * Every run record below a folder of reports.
 * @throws ChaosError `usage` where there is no such folder, `bad-file` for a record that cannot be read
 */
export function readRecords(reports: string): RunRecord[] {
  return readRecordFiles(reports).map(({ record }) => record);
}

/** The same, with their files. */
export function readRecordFiles(reports: string): RecordFile[] {
  if (!existsSync(reports)) {
    throw new ChaosError('usage', `There is no folder ${reports}.`, {
      hint: 'chaos run writes records to reports/',
    });
  }
  const folders = readdirSync(reports).map((name) => join(reports, name));
  return folders.filter((folder) => existsSync(join(folder, 'run.json'))).map(readRecordAt);
}

/**
 * One record, named by its file or by the folder it lies in.
 * @throws ChaosError `bad-file` for what is no run record
 */
export function readRecordAt(path: string): RecordFile {
  let file = path;
  try {
    if (statSync(path).isDirectory()) file = join(path, 'run.json');
    const text = readFileSync(file, 'utf8');
    const record = JSON.parse(text) as RunRecord;
    if (record.schemaVersion === SCHEMA_VERSION) return { file, text, record };
    throw new Error(`its schemaVersion is ${record.schemaVersion}, not ${SCHEMA_VERSION}`);
  } catch (error) {
    throw new ChaosError('bad-file', `${file} is no run record: ${messageOf(error)}.`, {
      cause: error,
      hint: 'chaos run writes records to reports/<time>-<scenario>/run.json',
    });
  }
}

/**
 * The raw samples beside a record.
 * @returns undefined where it has none: an older record, or one of a Prometheus that could not be asked, or a copy
 *   without its folder
 * @throws ChaosError `bad-file` where they are not those that the record speaks of
 */
export function readSamplesOf(file: RecordFile): RawSamples | undefined {
  const text = samplesTextOf(file);
  return text === undefined ? undefined : decodeSamples(text);
}

/** Whether they are there, at a fraction of the cost of reading them. @throws as readSamplesOf */
export function hasSamples(file: RecordFile): boolean {
  return samplesTextOf(file) !== undefined;
}

function samplesTextOf({ file, record }: RecordFile): string | undefined {
  if (!record.samples) return undefined;
  const beside = join(dirname(file), record.samples.file);
  if (!existsSync(beside)) return undefined;
  const text = textOfSamples(readFileSync(beside), record.samples);
  if (text !== undefined) return text;
  throw new ChaosError('bad-file', `${beside} was changed after it was written: samples.`, {
    hint: 'take it, with its run.json, from where the two were first kept',
  });
}
