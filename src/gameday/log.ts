import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ChaosError, messageOf } from '../core/errors.ts';
import { eventLine, type GameEvent, parseLog } from './events.ts';

/** The log of a game day, in its folder. */
export const LOG_FILE = 'events.jsonl';

/** An append-only log: what is in it is on disk. */
export class EventLog {
  readonly #handle: FileHandle;
  readonly #file: string;
  #bytes: number;

  private constructor(file: string, handle: FileHandle, bytes: number) {
    this.#file = file;
    this.#handle = handle;
    this.#bytes = bytes;
  }

  /**
   * Opens the log of a folder, or begins it. What a crash left of a last line is cut off.
   * @throws ChaosError `bad-file` where another line is no event, `not-ready` where it cannot be had
   */
  static async open(folder: string): Promise<{ log: EventLog; events: GameEvent[] }> {
    const file = join(folder, LOG_FILE);
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const handle = await open(file, 'a+', 0o600);
      const { events, bytes, wrong } = parseLog(await handle.readFile('utf8'));
      if (wrong !== undefined) {
        await handle.close();
        throw brokenLog(file, wrong);
      }
      await handle.truncate(bytes);
      return { log: new EventLog(file, handle, bytes), events };
    } catch (error) {
      throw error instanceof ChaosError ? error : unwritable(file, error);
    }
  }

  /** Returns once the line is on disk. @throws ChaosError `not-ready` where it is not; nothing of it then stays */
  async append(event: GameEvent): Promise<void> {
    const line = eventLine(event);
    try {
      await this.#handle.appendFile(line);
      await this.#handle.datasync();
      this.#bytes += Buffer.byteLength(line);
    } catch (error) {
      // Half a line in the middle would be a log that nobody can read.
      await this.#handle.truncate(this.#bytes).catch(() => {});
      throw unwritable(this.#file, error);
    }
  }

  /** Its folder's name is on disk as well, on file systems that know such a thing. */
  async settle(): Promise<void> {
    const folder = await open(dirname(this.#file), 'r');
    await folder.sync().catch(() => {});
    await folder.close();
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}

/** A log that a crash alone cannot have made. */
export function brokenLog(file: string, line: number): ChaosError {
  const message = 'this is no event of a game day';
  return new ChaosError('bad-file', `${file} is no log of a game day that can be gone on with.`, {
    problems: [{ file, line, column: 1, message, hint: 'it was changed; begin another game day' }],
  });
}

function unwritable(file: string, error: unknown): ChaosError {
  return new ChaosError('not-ready', `${file} could not be written: ${messageOf(error)}.`, {
    cause: error,
    hint: 'a game day of which nothing is kept is not played: free some space, or name another folder with --reports',
  });
}
