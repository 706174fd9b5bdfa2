import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { ChaosError, messageOf } from '../core/errors.ts';
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
  const file = join(folder, 'run.json');
  try {
    await mkdir(folder, { recursive: true });
    // First, as a record must not speak of a file that is not there.
    if (samples) await writeFileAtomic(join(folder, SAMPLES_FILE), samples);
    await writeFileAtomic(file, textOf(record));
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
