import * as z from 'zod';
import { ChaosError } from '../core/errors.ts';
import { defineFault } from './fault.ts';
import { connect, endSessions, prepareSessions } from './postgres.ts';

/** The lock ends by itself this long after the fault should have ended, in wall milliseconds. */
const MARGIN_MS = 30_000;

/** Holds a table locked: whoever wants it waits until their own time limit. */
export default defineFault({
  type: 'postgres-lock',
  summary: 'a transaction holds a table in ACCESS EXCLUSIVE mode: readers and writers wait',
  fields: z.strictObject({ table: z.enum(['orders', 'products']).default('orders').describe('which table') }),
  example: { table: 'orders' },
  describe: ({ table }) => `lock the table ${table}`,
  targets: () => ['postgres'],
  touches: ({ table }) => [
    {
      kind: 'database',
      on: 'postgres',
      does: `a session of techshop locks the table ${table}`,
      undo: `the session is ended; ends by itself ${MARGIN_MS / 1000} s after its time`,
    },
  ],
  prepare: (_fields, { lab }) => prepareSessions(lab),

  async inject({ table }, { lab, clock }, { signal, forMs, note: { application } }) {
    const holder = await connect(lab, 'techshop', application);
    await holder.query(`SET idle_in_transaction_session_timeout = ${Math.round(forMs + MARGIN_MS)}`);
    await holder.query("SET lock_timeout = '20s'");
    await holder.query('BEGIN');
    const beganAt = clock.now();
    await holder.query(`LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`);
    signal.throwIfAborted();
    const admin = await connect(lab, 'postgres', 'chaos');
    try {
      const sql =
        "SELECT 1 FROM pg_locks WHERE relation = $1::regclass AND mode = 'AccessExclusiveLock' AND granted";
      if ((await admin.query(sql, [table])).rowCount === 0) {
        throw new ChaosError('not-ready', `The lock on ${table} was not granted.`);
      }
      return { beganAt, effectiveAt: clock.now() };
    } finally {
      await admin.end();
    }
  },

  undo: (note, { lab, clock }) => endSessions(note, lab, clock),
});
