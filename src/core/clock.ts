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

/** ISO 8601, UTC, with milliseconds: how every time is written in a run record. */
export function iso(epochMs: number): string {
  return new Date(epochMs).toISOString();
}
