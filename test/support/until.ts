import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';

/** Far longer than anything takes that comes about at all, on however busy a machine. In wall milliseconds. */
const LIMIT_MS = 30_000;

/** Waits until something holds, however long a busy machine needs for it. */
export async function until(what: string, holds: () => boolean): Promise<void> {
  const giveUpAt = performance.now() + LIMIT_MS;
  while (!holds()) {
    assert.ok(performance.now() < giveUpAt, `${what}: not within ${LIMIT_MS / 1000} s`);
    await pause(10);
  }
}

/** Whether something is over before a timer that is set beside it: a busy machine delays both. */
export async function isSoonerThan(ms: number, done: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController();
  const late = pause(ms, 'late', { signal: timer.signal }).catch(() => 'ended');
  const first = await Promise.race([done.then(() => 'done'), late]);
  timer.abort();
  return first === 'done';
}
