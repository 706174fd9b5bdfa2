import type { Clock } from '../core/clock.ts';
import { ChaosError } from '../core/errors.ts';
import type { Engine, Looking } from '../docker/engine.ts';
import type { Effect } from './fault.ts';

// What the faults that end a container's process have in common.

/** Whether it ran before; the note from which `restoreRunning` works. */
export interface RunningNote extends Record<string, unknown> {
  target: string;
  running: boolean;
}

/** @throws ChaosError `not-ready` where the container does not run, so that nothing could be seen of its end */
export async function requireRunning(target: string, engine: Looking): Promise<RunningNote> {
  const { running } = await engine.state(target);
  if (running) return { target, running };
  throw new ChaosError('not-ready', `${target} is not running, so nothing could be seen of its end.`, {
    hint: 'docker start it, or chaos up',
  });
}

/** A stop kills after its grace, of 10 s by Docker's default; one that takes longer is no stop. Wall milliseconds. */
const ENDING_MS = 12_000;

/** Starts what ran before; a container that was stopped before stays stopped. */
export async function restoreRunning({ target, running }: RunningNote, engine: Engine, clock: Clock) {
  if (running) {
    // A start sent while a stop is under way is lost.
    const giveUpAt = clock.now() + ENDING_MS;
    while (clock.now() < giveUpAt && (await engine.isEnding(target))) await clock.sleep(100);
    await engine.start(target);
  }
  const after = await engine.state(target);
  return { undoneAt: after.startedAt ?? clock.now(), restored: after.running === running };
}

/**
 * Ends a container's process by `act`, and waits for the world to show it.
 * @returns the effect: from the signal, at which a process may already refuse connections, to its death
 */
export async function untilDead(
  target: string,
  engine: Engine,
  signal: AbortSignal,
  act: () => Promise<void>,
): Promise<Effect> {
  const told = engine.nextEvent(target, 'kill', signal);
  const died = engine.nextEvent(target, 'die', signal);
  // Heard below; an interrupt in the middle of the act must not be an unhandled rejection.
  Promise.all([told, died]).catch(() => {});
  // Waited for even when interrupted: a start sent while a stop is under way is lost.
  await act();
  return { beganAt: await told, effectiveAt: await died };
}
