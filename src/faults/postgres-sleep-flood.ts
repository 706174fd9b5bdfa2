import * as z from 'zod';
import { ChaosError } from '../core/errors.ts';
import { defineFault } from './fault.ts';
import { connect, countSessions, endSessions, prepareSessions } from './postgres.ts';

/** Sessions end by themselves this long after the fault should have ended, in wall milliseconds. */
const MARGIN_MS = 30_000;

/**
 * How often sessions that were refused try again, in wall milliseconds, and how many at a time: often enough to take
 * what the shop gives back, and no more, as each makes PostgreSQL start a process, also to be refused.
 */
const RETRY_MS = 100;
const RETRIES = 5;

/** The floods of this process, by the name of their sessions: each ends when none of its sessions tries any more. */
const floods = new Map<string, () => Promise<unknown>>();

/** Fills PostgreSQL with sessions that sleep, until the shop finds no connection any more. */
export default defineFault({
  type: 'postgres-sleep-flood',
  summary:
    'many sessions in pg_sleep: connections run out; ended by name afterwards, or by a time limit of their own',
  fields: z.strictObject({
    sessions: z
      .int()
      .min(1)
      .max(500, 'must be at most 500')
      .describe('how many to open; 97 fill the database'),
  }),
  example: { sessions: 97 },
  describe: ({ sessions }) => `${sessions} sessions in pg_sleep`,
  targets: () => ['postgres'],
  touches: ({ sessions }) => [
    {
      kind: 'database',
      on: 'postgres',
      does: `at most ${sessions} sessions of techshop, asleep`,
      undo: `the sessions are ended; end by themselves ${MARGIN_MS / 1000} s after their time`,
    },
  ],
  prepare: (_fields, { lab }) => prepareSessions(lab),

  async inject({ sessions }, { lab, clock }, { signal, forMs, note: { application } }) {
    const admin = await connect(lab, 'postgres', 'chaos');
    try {
      const beganAt = clock.now();
      const limitMs = Math.round(forMs + MARGIN_MS);
      const ending = new AbortController();
      let trying: Promise<unknown> = Promise.resolve();
      // Before the first session: an interrupt may have it taken back while they are still being opened.
      floods.set(application, () => {
        ending.abort();
        return trying;
      });
      const fallAsleep = async () => {
        const client = await connect(lab, 'techshop', application);
        // It got in while the flood was being taken back.
        if (ending.signal.aborted) return client.end();
        await client.query(`SET statement_timeout = ${limitMs}`);
        // Never awaited: it ends when its backend is terminated, which is an error to it and not to us.
        const leave = () => client.end().catch(() => {});
        client.query(`SELECT pg_sleep(${limitMs / 1000})`).then(leave, leave);
      };
      /** Opens that many sessions and tells how many were refused. */
      const open = async (count: number) =>
        (await Promise.allSettled(Array.from({ length: count }, fallAsleep))).filter(
          ({ status }) => status === 'rejected',
        ).length;
      const opening = open(sessions);
      trying = opening;
      const refused = await opening;
      // Those try again: else the shop, which gives its connections back and takes them anew, would go on with the
      // few it had when the flood came.
      const insist = async () => {
        for (let missing = refused; missing > 0; ) {
          await clock.sleep(RETRY_MS, ending.signal);
          const count = Math.min(missing, RETRIES);
          missing -= count - (await open(count));
        }
      };
      trying = insist().catch(() => {});
      let sleeping = 0;
      for (let tries = 0; tries < 50; tries++) {
        sleeping = await countSessions(admin, application, "wait_event = 'PgSleep'");
        if (sleeping + refused >= sessions && sleeping > 0) return { beganAt, effectiveAt: clock.now() };
        await clock.sleep(100, signal);
      }
      throw new ChaosError(
        'not-ready',
        `Of ${sessions} sessions ${sleeping} sleep and ${refused} were refused.`,
      );
    } finally {
      await admin.end();
    }
  },

  async undo(note, { lab, clock }) {
    await floods.get(note.application)?.();
    floods.delete(note.application);
    return endSessions(note, lab, clock);
  },
});
