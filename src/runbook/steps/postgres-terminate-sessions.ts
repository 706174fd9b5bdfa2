import type { Client } from 'pg';
import * as z from 'zod';
import { parseDuration } from '../../core/duration.ts';
import type { World } from '../../faults/fault.ts';
import { connectAdmin } from '../../faults/postgres.ts';
import { defineStep } from '../step.ts';

const LONGEST_MS = 24 * 3_600_000;

const age = z.string().refine((text) => {
  const ms = parseDuration(text);
  return ms !== undefined && ms >= 1000 && ms <= LONGEST_MS;
}, 'must be a duration of 1s to 1d, as 5s or 1m');

/** A session that waits for its next transaction is somebody's pool, and stays. */
const OLD = `usename = 'techshop' AND datname = 'techshop' AND backend_type = 'client backend'
  AND pid <> pg_backend_pid() AND xact_start < clock_timestamp() - make_interval(secs => $1)`;

/** Ends the shop's own sessions that have been in one transaction for too long; theirs is rolled back. */
export default defineStep({
  type: 'postgres-terminate-sessions',
  summary: 'pg_terminate_backend of sessions of the role techshop whose transaction is older than older_than',
  value: z.strictObject({
    older_than: age.meta({ description: 'age of the transaction, in wall time at every lab speed' }),
  }),
  target: () => 'postgres',
  describe: (_target, { older_than }) =>
    `terminate sessions of techshop in postgres that have been in one transaction for ${older_than}`,
  async look(_target, { older_than }, world) {
    const sessions = await countOld(older_than, world);
    const which = `in a transaction for more than ${older_than}`;
    return {
      needed: sessions > 0,
      why: sessions === 1 ? `1 session is ${which}` : `${sessions || 'no'} sessions are ${which}`,
    };
  },
  async act(_target, { older_than }, world) {
    const sql = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${OLD}`;
    await asShop(world, (client) => client.query(sql, [secondsOf(older_than)]));
  },
  isWell: async (_target, { older_than }, world) => (await countOld(older_than, world)) === 0,
});

const secondsOf = (text: string) => (parseDuration(text) ?? Number.NaN) / 1000;

async function countOld(olderThan: string, world: World): Promise<number> {
  const sql = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE ${OLD}`;
  const { rows } = await asShop(world, (client) => client.query<{ n: number }>(sql, [secondsOf(olderThan)]));
  return rows[0]?.n ?? 0;
}

/**
 * With the shop's rights alone: it can end its own sessions and nobody else's. By a connection that is kept back for
 * superusers, as in a flood there is no other.
 */
async function asShop<T>({ lab, clock }: World, question: (client: Client) => Promise<T>): Promise<T> {
  const client = await connectAdmin(lab, clock);
  try {
    await client.query('SET ROLE techshop');
    return await question(client);
  } finally {
    await client.end();
  }
}
