import * as z from 'zod';
import { ChaosError, messageOf } from '../core/errors.ts';
import type { Lab } from '../core/lab.ts';
import { newToken } from '../core/token.ts';
import { defineFault } from './fault.ts';
import { connect } from './redis.ts';

/**
 * Redis is paused for this long at a time, in wall milliseconds. The next pause waits in Redis' own queue for the end
 * of this one, so there is no gap between them, and if we die the last one ends by itself.
 */
const PAUSE_MS = 2000;

/** A command that takes this long has been stalled, in wall milliseconds. */
const STALLED_MS = 300;

/** The stalls of this process, by the token in their undo note. */
const stalls = new Map<string, AbortController>();

/** Stalls every command of Redis: connections are taken, and nothing is answered. */
export default defineFault({
  type: 'redis-stall',
  summary: 'CLIENT PAUSE, again and again: every command waits; ends within two seconds even if we die',
  fields: z.strictObject({}),
  example: {},
  describe: () => 'stall every command of redis',
  targets: () => ['redis'],
  touches: () => [
    {
      kind: 'database',
      on: 'redis',
      does: 'CLIENT PAUSE ALL, again and again',
      undo: `not renewed; ends by itself after ${PAUSE_MS / 1000} s`,
    },
  ],

  async prepare(_fields, { lab, clock }) {
    // On a machine that is busy with other things one answer may be late; in a stall all of them are.
    for (let tries = 0; tries < 5; tries++) {
      if ((await answerTime(lab)) < STALLED_MS) return { token: newToken() };
      await clock.sleep(100);
    }
    throw new ChaosError('not-ready', 'Redis is stalled already.', { hint: 'wait until the pause is over' });
  },

  async inject(_fields, { lab, clock }, { signal, note: { token } }) {
    const ending = new AbortController();
    stalls.set(token, ending);
    const client = await connect(lab);
    const beganAt = clock.now();
    const keepUp = async () => {
      while (!ending.signal.aborted) await client.client('PAUSE', PAUSE_MS, 'ALL');
    };
    // A Redis that dies meanwhile ends the stall; that is data, and the undo looks anyway.
    keepUp()
      .catch(() => {})
      .finally(() => client.disconnect());
    for (let tries = 0; tries < 5; tries++) {
      signal.throwIfAborted();
      if ((await answerTime(lab)) >= STALLED_MS) return { beganAt, effectiveAt: clock.now() };
    }
    throw new ChaosError('not-ready', 'Redis goes on answering.');
  },

  async undo({ token }, { lab, clock }) {
    stalls.get(token)?.abort();
    stalls.delete(token);
    let took = STALLED_MS;
    for (let tries = 0; tries < 40 && took >= STALLED_MS; tries++) {
      took = await answerTime(lab);
      if (took >= STALLED_MS) await clock.sleep(100);
    }
    return { undoneAt: clock.now(), restored: took < STALLED_MS };
  },
});

/** How long a PING takes, in milliseconds, but no longer than it takes to know that it is stalled. */
async function answerTime(lab: Lab): Promise<number> {
  const began = performance.now();
  const client = await connect(lab, STALLED_MS).catch((error) => {
    // The handshake authenticates, which is a command and so is stalled like any other.
    if (/timed? ?out/i.test(messageOf(error))) return undefined;
    throw error;
  });
  if (!client) return Number.POSITIVE_INFINITY;
  try {
    await client.ping();
    return performance.now() - began;
  } catch {
    return Number.POSITIVE_INFINITY;
  } finally {
    client.disconnect();
  }
}
