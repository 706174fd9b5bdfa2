import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { ChaosError, messageOf } from './errors.ts';

/**
 * Writes a file, whole or not at all, and the folder it lies in.
 * @returns its path
 * @throws ChaosError `not-ready` where it cannot be written
 */
export async function writeWhole(file: string, content: string | Buffer): Promise<string> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFileAtomic(file, content);
    return file;
  } catch (error) {
    throw new ChaosError('not-ready', `The record could not be written to ${file}: ${messageOf(error)}.`, {
      cause: error,
      hint: 'free some space, or name another folder with --reports',
    });
  }
}
