import { z } from 'zod';
import { ChaosError } from '../core/errors.ts';
import { defineFault } from './fault.ts';
import { connect, countSessions, endSessions, prepareSessions } from './postgres.ts';

/** Sessions end by themselves this long after the fault should have ended, in wall milliseconds. */
const MARGIN_MS = 30_000;

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
  describe: ({ sessions }) => `${sessions} sessions in pg_sleep`,
  targets: () => ['postgres'],
  prepare: (_fields, { lab }) => prepareSessions(lab),

  async inject({ sessions }, { lab, clock }, { signal, forMs, note: { application } }) {
    const admin = await connect(lab, 'postgres', 'chaos');
    try {
      const beganAt = clock.now();
      const limitMs = Math.round(forMs + MARGIN_MS);
      const asleep = Array.from({ length: sessions }, async () => {
        const client = await connect(lab, 'techshop', application);
        await client.query(`SET statement_timeout = ${limitMs}`);
        // Never awaited: it ends when its backend is terminated, which is an error to it and not to us.
        client.query(`SELECT pg_sleep(${limitMs / 1000})`).catch(() => {});
      });
      // Being refused is what a flood is for: those sessions are not missing, they are the effect.
      const refused = (await Promise.allSettled(asleep)).filter(({ status }) => status === 'rejected').length;
      signal.throwIfAborted();
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

  undo: (note, { lab, clock }) => endSessions(note, lab, clock),
});
