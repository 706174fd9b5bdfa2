import { constants } from 'node:fs';
import { type FileHandle, link, open, readFile, rename, rm, stat, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Clock, iso } from '../core/clock.ts';
import { ChaosError, messageOf } from '../core/errors.ts';
import { ownIdentity } from '../core/process-identity.ts';
import type { UndoNote } from '../faults/fault.ts';
import { type Entry, entryLine, type Found, parseJournal } from './entries.ts';

/** The journal of the run that acts on a lab now; there is at most one. */
export const ACTIVE = 'acts.jsonl';

/** What is about to be done, and how it is taken back. */
export interface Intent {
  /** The step's id in its scenario. */
  id: string;
  /** The fault's. */
  type: string;
  note: UndoNote;
  /** When it must be over, whatever becomes of us: wall milliseconds since the Unix epoch. */
  deadline: number;
}

/**
 * What a run is about to do, written down and on disk before it is done. It lies in the lab's folder, is whose run it
 * is, and goes away once all of it has been taken back.
 */
export class Journal {
  readonly #file: string;
  readonly #handle: FileHandle;
  #acts = 0;
  readonly #open = new Set<number>();
  #writing: Promise<void> = Promise.resolve();

  private constructor(file: string, handle: FileHandle) {
    this.#file = file;
    this.#handle = handle;
  }

  /**
   * Begins the journal of a lab's run.
   * @returns undefined where there is one already
   * @throws ChaosError `not-ready` where it cannot be written
   */
  static async begin(dir: string, scenario: string, clock: Clock): Promise<Journal | undefined> {
    const file = join(dir, ACTIVE);
    const owner = ownIdentity();
    // Under another name first, and then linked: whoever finds a journal finds its owner in it.
    const draft = join(dir, `acts.${owner}.new`);
    const handle = await open(draft, 'w', 0o600).catch((error) => {
      throw unwritable(error);
    });
    try {
      const journal = new Journal(file, handle);
      await journal.#append({ entry: 'begin', owner, scenario, at: iso(clock.now()) });
      await link(draft, file);
      await syncFolder(dir);
      return journal;
    } catch (error) {
      await handle.close();
      if ((error as NodeJS.ErrnoException).code === 'EEXIST') return undefined;
      throw error instanceof ChaosError ? error : unwritable(error);
    } finally {
      await rm(draft, { force: true });
    }
  }

  /**
   * Writes down what is about to be done. Only once this has returned may it be done.
   * @returns its number
   * @throws ChaosError `not-ready` where it cannot be written, or where somebody else has taken everything back
   */
  async intend(intent: Intent): Promise<number> {
    if (!(await this.isOurs())) throw takenOver();
    const act = ++this.#acts;
    const { deadline, ...rest } = intent;
    // Also where the writing fails: the line may be there all the same, and taking back what was not done does no harm.
    this.#open.add(act);
    await this.#append({ entry: 'intent', act, deadline: iso(deadline), ...rest });
    return act;
  }

  /** The act has had its effect, so nothing of it is still on its way. */
  effective(act: number): Promise<void> {
    return this.#append({ entry: 'effective', act }).catch(() => {});
  }

  /** It was taken back. Where this cannot be written, it is taken back twice, which does no harm. */
  undone(act: number): Promise<void> {
    this.#open.delete(act);
    return this.#append({ entry: 'undone', act }).catch(() => {});
  }

  /** Whether it still is this process that answers for what was done. */
  async isOurs(): Promise<boolean> {
    const [there, ours] = await Promise.all([stat(this.#file).catch(() => undefined), this.#handle.stat()]);
    return there?.ino === ours.ino;
  }

  /** Goes away, unless there is something left to take back: that is for whoever comes next. */
  async end(): Promise<void> {
    if (this.#open.size === 0 && (await this.isOurs())) await unlink(this.#file);
    await this.#handle.close();
  }

  /** One line after the other, each on disk before the next. */
  #append(entry: Entry): Promise<void> {
    const written = this.#writing.then(async () => {
      try {
        await this.#handle.appendFile(entryLine(entry));
        await this.#handle.sync();
      } catch (error) {
        throw unwritable(error);
      }
    });
    this.#writing = written.catch(() => {});
    return written;
  }
}

/** Puts a folder's names on disk, as its files' contents are. */
async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, constants.O_RDONLY);
  // Some file systems know no such thing; there the names are as safe as they make them.
  await folder.sync().catch(() => {});
  await folder.close();
}

/**
 * Takes over the journal of a run that is dead or silent, under a name that says by whom: of several who try, one
 * succeeds.
 * @returns its new name; undefined where somebody else was faster
 */
export async function takeOver({ file, header }: Found): Promise<string | undefined> {
  const ours = join(dirname(file), `acts.${ownIdentity()}.jsonl`);
  try {
    await rename(file, ours);
    const taken = parseJournal(await readFile(ours, 'utf8'));
    if (taken?.header.owner !== header.owner) {
      // Between the look and the rename its place was taken by another run's, which must stay where it was.
      await link(ours, file);
      await unlink(ours);
      return undefined;
    }
    await syncFolder(dirname(file));
    return ours;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw unwritable(error);
  }
}

function unwritable(error: unknown): ChaosError {
  return new ChaosError('not-ready', `What is to be undone could not be written down: ${messageOf(error)}.`, {
    cause: error,
    hint: 'nothing is done that could not be undone after a crash: make room, or mend the permissions of stack/.labs',
  });
}

export function takenOver(): ChaosError {
  return new ChaosError(
    'stopped',
    'This run was not heard from for too long, so the reaper has taken everything back.',
  );
}
