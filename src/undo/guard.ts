import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { timeLimit } from '../core/clock.ts';
import { ChaosError, messageOf } from '../core/errors.ts';
import { programFile } from '../core/paths.ts';
import { ownIdentity } from '../core/process-identity.ts';
import type { World } from '../faults/fault.ts';
import { ACTIVE, type Intent, Journal, takenOver } from './journal.ts';
import { recoverLab, requireIdle } from './recover.ts';

/** A run that is silent for so long is taken for hung, and what it did is taken back: wall milliseconds. */
export const LEASE_MS = 8000;
/** Between two signs of life, in wall milliseconds. */
const BEAT_MS = 1000;
/** How long a reaper may take to start, in wall milliseconds. */
const READY_MS = 15_000;

/** Another run may begin between the look and the act; that it does so again and again is not to be expected. */
const MOST_TRIES = 5;

/** One act that the guard knows of. */
export interface GuardedAct {
  /** Its effect was seen. */
  effective(): Promise<void>;
  /** It was taken back. */
  undone(): Promise<void>;
}

/**
 * Stands behind a run: whatever that is about to do is written down first, and a process stands by that takes it back
 * should the run die or hang.
 */
export class Guard {
  readonly #lab: World['lab'];
  readonly #clock: World['clock'];
  readonly #journal: Journal;
  readonly #lost = new AbortController();
  readonly #over = new AbortController();
  #reaper: Promise<ChildProcess> | undefined;

  private constructor({ lab, clock }: World, journal: Journal) {
    this.#lab = lab;
    this.#clock = clock;
    this.#journal = journal;
    void this.#beat();
  }

  /**
   * Makes this process the one that acts on the lab, once what earlier ones left behind has been taken back.
   * @param say hears of that
   * @throws ChaosError `not-ready` where another run acts on the lab, naming it, or where something stays broken
   */
  static async begin(world: World, scenario: string, say: (line: string) => void): Promise<Guard> {
    for (let tries = 1; tries <= MOST_TRIES; tries++) {
      await requireIdle(world.lab);
      await recoverLab(world, say);
      const journal = await Journal.begin(world.lab.dir, scenario, world.clock);
      if (journal) return new Guard(world, journal);
    }
    throw new ChaosError('not-ready', `${join(world.lab.dir, ACTIVE)} is no journal that can be read.`, {
      hint: 'see in it what may have been left broken, mend that, and remove the file',
    });
  }

  /** Aborted with a ChaosError `stopped` when the reaper has taken this run for dead. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /**
   * To be awaited before each act; where it throws, the act must not happen.
   * @throws ChaosError `not-ready`, or `stopped` where the reaper has taken this run for dead
   */
  async before(intent: Intent): Promise<GuardedAct> {
    await this.#armed();
    const act = await this.#journal.intend(intent);
    return {
      effective: () => this.#journal.effective(act),
      undone: () => this.#journal.undone(act),
    };
  }

  /** What has not been taken back by now is left to the reaper. */
  async end(): Promise<void> {
    this.#over.abort();
    await this.#journal.end();
    const reaper = await this.#reaper?.catch(() => undefined);
    if (reaper?.connected) reaper.disconnect();
  }

  async #armed(): Promise<void> {
    const standing = await this.#reaper?.catch(() => undefined);
    if (standing?.connected) return;
    this.#reaper = this.#start();
    await this.#reaper;
  }

  async #start(): Promise<ChildProcess> {
    const reaper = fork(programFile('undo/reaper'), [JSON.stringify(this.#lab), ownIdentity()], {
      // A session of its own, so that nothing that ends the terminal ends it too.
      detached: true,
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    reaper.unref();
    const limit = timeLimit(
      this.#clock,
      READY_MS,
      () => new Error(`it was not ready within ${READY_MS / 1000} s`),
    );
    try {
      await new Promise((ready, failed) => {
        reaper.once('message', ready);
        reaper.once('error', failed);
        reaper.once('exit', (code) => failed(new Error(`it ended with exit code ${code}`)));
        limit.signal.addEventListener('abort', () => failed(limit.signal.reason));
      });
    } catch (error) {
      reaper.kill('SIGKILL');
      throw new ChaosError('not-ready', `The reaper could not be started: ${messageOf(error)}.`, {
        cause: error,
        hint: 'nothing is done that nobody would take back after a crash',
      });
    } finally {
      limit.end();
    }
    reaper.channel?.unref();
    // Its death is found out before the next act.
    reaper.on('error', () => {});
    return reaper;
  }

  async #beat(): Promise<void> {
    while (!this.#over.signal.aborted) {
      await this.#clock.sleep(BEAT_MS, this.#over.signal).catch(() => {});
      const reaper = await this.#reaper?.catch(() => undefined);
      if (reaper?.connected) reaper.send('here', () => {});
      if (!this.#over.signal.aborted && !(await this.#journal.isOurs().catch(() => true)))
        return this.#lost.abort(takenOver());
    }
  }
}
