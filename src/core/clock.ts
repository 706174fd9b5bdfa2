import { setTimeout as delay } from 'node:timers/promises';

/** The only way to read or pass time, so that tests can do both without waiting. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /**
   * Resolves after `ms` milliseconds.
   * @throws the signal's reason as soon as it is aborted
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  async sleep(ms, signal) {
    signal?.throwIfAborted();
    try {
      await delay(Math.max(0, ms), undefined, signal ? { signal } : {});
    } catch (error) {
      signal?.throwIfAborted();
      throw error;
    }
  },
};

/**
 * A signal that is aborted after `ms` milliseconds, unless it is ended before.
 * @param reason makes what it is aborted with
 */
export function timeLimit(
  clock: Clock,
  ms: number,
  reason: () => unknown,
): { signal: AbortSignal; end(): void } {
  const limit = new AbortController();
  const over = new AbortController();
  clock.sleep(ms, over.signal).then(
    () => limit.abort(reason()),
    () => {},
  );
  return { signal: limit.signal, end: () => over.abort() };
}

/** ISO 8601, UTC, with milliseconds: how every time is written in a run record. */
export function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
