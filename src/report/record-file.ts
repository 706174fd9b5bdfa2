import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { ChaosError, messageOf } from '../core/errors.ts';
import type { RunRecord } from './record.ts';

/**
 * Writes `<reports>/<time>-<scenario>/run.json`, whole or not at all.
 * @returns the path of the file
 * @throws ChaosError `not-ready` where it cannot be written
 */
export async function writeRecord(reports: string, record: RunRecord): Promise<string> {
  // No colons: they are not allowed in file names everywhere.
  const folder = join(reports, `${record.startedAt.replace(/[:.]/g, '-')}-${record.scenario}`);
  const file = join(folder, 'run.json');
  try {
    await mkdir(folder, { recursive: true });
    await writeFileAtomic(file, `${JSON.stringify(record, null, 2)}\n`);
    return file;
  } catch (error) {
    throw new ChaosError(
      'not-ready',
      `The run record could not be written to ${file}: ${messageOf(error)}.`,
      {
        cause: error,
        hint: 'free some space, or name another folder with --reports',
      },
    );
  }
}
