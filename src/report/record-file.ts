import { join } from 'node:path';
import { writeWhole } from '../core/write-file.ts';
import { folderOf, type RunRecord } from './record.ts';
import { textOf } from './regrade.ts';
import { SAMPLES_FILE } from './samples.ts';

/**
 * Writes `<reports>/<time>-<scenario>/run.json`, whole or not at all.
 * @param samples what goes into the file beside it
 * @returns the path of run.json
 * @throws ChaosError `not-ready` where it cannot be written
 */
export async function writeRecord(reports: string, record: RunRecord, samples?: Buffer): Promise<string> {
  const folder = join(reports, folderOf(record));
  // First, as a record must not speak of a file that is not there.
  if (samples) await writeWhole(join(folder, SAMPLES_FILE), samples);
  return await writeWhole(join(folder, 'run.json'), textOf(record));
}
