import { rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import { isAlive, ownIdentity, pidOf } from '../core/process-identity.ts';
import type { World } from '../faults/fault.ts';
import { type Found, findJournals } from './entries.ts';
import { ACTIVE, takeOver } from './journal.ts';
import { type TakenBack, takeBack } from './take-back.ts';

/** How long an undo goes on while the lab cannot be asked, in wall milliseconds. */
export const GIVE_UP_MS = 60_000;

/** What was left behind by one run that is gone. */
export interface Recovery {
  scenario: string;
  /** When that run began, ISO 8601. */
  at: string;
  acts: TakenBack[];
}

/** The run that acts on a lab now; undefined where there is none. */
export async function activeRun(dir: string): Promise<Found | undefined> {
  return activeAmong(await findJournals(dir));
}

function activeAmong(journals: readonly Found[]): Found | undefined {
  return journals.find((one) => basename(one.file) === ACTIVE && isAlive(one.keeper));
}

/** What a lab's journals tell: the run that acts on it now, and those that are gone and left something in force. */
export async function activityOn(dir: string): Promise<Activity> {
  const journals = await findJournals(dir);
  const toActivity = ({ header, keeper, open }: Found) => ({
    scenario: header.scenario,
    since: header.at,
    process: pidOf(keeper),
    inForce: open.map(({ id }) => id),
  });
  const active = activeAmong(journals);
  const left = journals.filter((one) => one !== active && one.open.length > 0);
  return { acting: active ? toActivity(active) : null, left: left.map(toActivity) };
}

export interface Activity {
  acting: { scenario: string; since: string; process: number; inForce: string[] } | null;
  left: { scenario: string; since: string; process: number; inForce: string[] }[];
}

/** @throws ChaosError `not-ready` where a run acts on the lab, naming it */
export async function requireIdle({ name, dir }: { name: string; dir: string }): Promise<void> {
  const active = await activeRun(dir);
  if (!active) return;
  const { scenario, at } = active.header;
  throw new ChaosError(
    'not-ready',
    `A run of ${scenario} is acting on the lab ${name} (process ${pidOf(active.keeper)}, since ${at}).`,
    { hint: `wait for it, or end it: chaos stop --name ${name}; or use another lab: --name` },
  );
}

/**
 * Takes back what runs that are gone have left behind on a lab. Somebody else who is at it, a reaper, is waited for.
 * @throws ChaosError `not-ready` where something could not be taken back; its journal then stays for another try
 */
export async function recoverLab(world: World, say: (line: string) => void): Promise<Recovery[]> {
  const { lab, clock } = world;
  const done: Recovery[] = [];
  let told = false;
  const giveUpAt = clock.now() + 2 * GIVE_UP_MS;
  for (;;) {
    const journals = await findJournals(lab.dir);
    // One that we have taken over and could not do away with is ours to try again.
    const left = journals.find(({ keeper }) => keeper === ownIdentity() || !isAlive(keeper));
    const other = journals.find(({ file }) => basename(file) !== ACTIVE);
    if (left) {
      const recovery = await recover(left, world, say);
      if (recovery) done.push(recovery);
    } else if (!other) return done;
    else if (clock.now() > giveUpAt) throw stillAtIt(other);
    else {
      if (!told) say('Waiting until the reaper has taken back what an earlier run left behind.');
      told = true;
      await clock.sleep(200);
    }
  }
}

function stillAtIt({ file, keeper }: Found): ChaosError {
  return new ChaosError('not-ready', `Process ${pidOf(keeper)} has not taken back what is in ${file}.`, {
    hint: 'end that process, then try again',
  });
}

async function recover(
  found: Found,
  world: World,
  say: (line: string) => void,
): Promise<Recovery | undefined> {
  const { scenario, at } = found.header;
  const ours = await takeOver(found);
  if (!ours) return undefined;
  if (found.open.length > 0) say(`Taking back what a run of ${scenario}, begun ${at}, has left behind.`);
  const acts = await takeBack(found.open, world, GIVE_UP_MS);
  requireRestored(acts, world.lab.name);
  await rm(ours, { force: true });
  return { scenario, at, acts };
}

/** @throws ChaosError `not-ready` naming every act that could not be taken back */
export function requireRestored(acts: readonly TakenBack[], name: string): void {
  const failed = acts.filter(({ restored }) => !restored);
  if (failed.length === 0) return;
  const reasons = failed.map(({ id, type, why }) => `${id} (${type}): ${why}`);
  throw new ChaosError('not-ready', `Not everything could be taken back. ${reasons.join(' ')}`, {
    hint: `chaos recover --name ${name} tries again; chaos down and chaos up make the lab anew`,
  });
}
