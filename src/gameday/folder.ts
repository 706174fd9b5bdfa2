import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import { readAccess } from './access.ts';
import { type Begun, parseLog } from './events.ts';
import { brokenLog, LOG_FILE } from './log.ts';
import { type Day, essenceOf } from './schedule.ts';

/** By which a day that is gone on with is known to be the same. */
export function digestOf(day: Day): string {
  return createHash('sha256').update(essenceOf(day)).digest('hex');
}

/**
 * How the game day of a folder began.
 * @throws ChaosError `usage` where it is over, or none
 */
export async function begunIn(folder: string): Promise<Begun> {
  const file = join(folder, LOG_FILE);
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) throw new ChaosError('usage', `There is no game day in ${folder}.`);
  const { events, wrong } = parseLog(text);
  if (wrong !== undefined) throw brokenLog(file, wrong);
  const [begun] = events;
  if (begun?.event !== 'begun') throw brokenLog(file, 1);
  if (events.some(({ event }) => event === 'over'))
    throw new ChaosError('usage', `The game day in ${folder} is over.`, {
      hint: 'begin another: chaos gameday FILE',
    });
  return begun;
}

/** The newest game day of a lab that has not come to its end; undefined where there is none. */
export async function unfinished(reports: string, lab: string): Promise<string | undefined> {
  const names = await readdir(reports).catch(() => []);
  for (const name of names
    .filter((one) => one.includes('-gameday-'))
    .sort()
    .reverse()) {
    const folder = join(reports, name);
    if ((await readAccess(folder))?.lab !== lab) continue;
    const begun = await begunIn(folder).catch(() => undefined);
    if (begun) return folder;
  }
  return undefined;
}
