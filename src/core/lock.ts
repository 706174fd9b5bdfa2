import { link, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises';
import { isAlive, ownIdentity, type ProcessIdentity } from './process-identity.ts';

/** What one process at a time may do; it ends with the process, however that ends. */
export interface Lock {
  release(): Promise<void>;
}

/**
 * Takes a lock that is a file with its owner in it. One whose owner is dead is taken over.
 * @returns the lock, or who has it
 * @throws what the file system throws where nothing can be written there
 */
export async function takeLock(file: string): Promise<{ lock: Lock } | { owner: ProcessIdentity }> {
  const own = ownIdentity();
  // Under another name first, and then linked: whoever finds a lock finds its owner in it.
  const draft = `${file}.${own}.new`;
  await writeFile(draft, own, { mode: 0o600 });
  try {
    for (;;) {
      try {
        await link(draft, file);
        return { lock: { release: () => unlink(file) } };
      } catch (error) {
        if (codeOf(error) !== 'EEXIST') throw error;
      }
      const owner = await readFile(file, 'utf8').catch(() => undefined);
      if (owner === undefined) continue;
      if (isAlive(owner)) return { owner };
      await removeDead(file, owner, `${file}.${own}.dead`);
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** By a rename, in which of several who try one succeeds. */
async function removeDead(file: string, owner: ProcessIdentity, aside: string): Promise<void> {
  try {
    await rename(file, aside);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return;
    throw error;
  }
  // Between the look and the rename its place was taken by somebody else's, which must stay where it was.
  if ((await readFile(aside, 'utf8')) !== owner) await link(aside, file).catch(() => {});
  await unlink(aside);
}

const codeOf = (error: unknown) => (error as NodeJS.ErrnoException).code;
