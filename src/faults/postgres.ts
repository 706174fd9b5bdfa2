import type { Client } from 'pg';
import type { Clock } from '../core/clock.ts';
import { ChaosError, messageOf } from '../core/errors.ts';
import type { Lab } from '../core/lab.ts';
import { labPassword } from '../core/lab-environment.ts';
import { newToken } from '../core/token.ts';

// What the faults on PostgreSQL have in common: sessions under a name of their own, by which they can be ended even
// by a process that did not open them.

/** The name all sessions of one injection carry: `chaos:` and eight hexadecimal digits. */
export interface SessionsNote extends Record<string, unknown> {
  application: string;
}

/** Checks that the superuser can get in, and makes a name for the sessions. @throws ChaosError `not-ready` */
export async function prepareSessions(lab: Lab): Promise<SessionsNote> {
  const admin = await connect(lab, 'postgres', 'chaos');
  await admin.end();
  return { application: `chaos:${newToken()}` };
}

/**
 * A session of the lab's database. Its end from outside is expected, and no exception.
 * @throws ChaosError `not-ready` where it is refused
 */
export async function connect(lab: Lab, user: 'postgres' | 'techshop', application: string): Promise<Client> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    host: '127.0.0.1',
    port: lab.ports.POSTGRES_PORT,
    user,
    password: labPassword(lab, user === 'postgres' ? 'POSTGRES_PASSWORD' : 'APP_DB_PASSWORD'),
    database: 'techshop',
    application_name: application,
    connectionTimeoutMillis: 5000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    throw new ChaosError('not-ready', `PostgreSQL refused a session of ${user}: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}

/** How many sessions of that name answer to a condition on pg_stat_activity. */
export async function countSessions(admin: Client, application: string, condition = 'true'): Promise<number> {
  const sql = `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = $1 AND ${condition}`;
  const { rows } = await admin.query<{ n: number }>(sql, [application]);
  return rows[0]?.n ?? 0;
}

/**
 * A superuser's session, for whom three connections are kept back. Those who are only just being refused hold a place
 * too, so in a flood it takes a few tries.
 * @throws ChaosError `not-ready` where it is still refused after five seconds
 */
export async function connectAdmin(lab: Lab, clock: Clock): Promise<Client> {
  for (let tries = 1; ; tries++) {
    try {
      return await connect(lab, 'postgres', 'chaos');
    } catch (error) {
      if (tries === 50) throw error;
      await clock.sleep(100);
    }
  }
}

/** Ends every session of that name, whoever opened it, and looks whether they are gone. */
export async function endSessions({ application }: SessionsNote, lab: Lab, clock: Clock) {
  const admin = await connectAdmin(lab, clock);
  try {
    await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1', [
      application,
    ]);
    for (let tries = 0; tries < 50 && (await countSessions(admin, application)) > 0; tries++)
      await clock.sleep(100);
    return { undoneAt: clock.now(), restored: (await countSessions(admin, application)) === 0 };
  } finally {
    await admin.end();
  }
}
