import { appendFile, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { iso, systemClock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import type { Lab } from '../core/lab.ts';
import { type Found, findJournals, type OpenAct } from './entries.ts';
import { LEASE_MS } from './guard.ts';
import { ACTIVE, takeOver } from './journal.ts';
import { GIVE_UP_MS } from './recover.ts';
import { takeBack } from './take-back.ts';

// The program of a process of its own, which outlives its run in order to take back what that did. It is told by the
// end of the channel that its run is dead, by silence that it hangs, and by the journal that an act is overdue.

/** Between two looks, in wall milliseconds. */
const LOOK_MS = 1000;
/** A look so much too late shows that the whole machine was asleep or stalled, and not the run alone. */
const ASLEEP_MS = 2000;

const lab = JSON.parse(process.argv[2] ?? '') as Lab;
const owner = process.argv[3] ?? '';
const clock = systemClock;
/** Overdue acts that it has taken back, by their numbers. */
const seenTo = new Set<number>();
let heard = clock.now();
let over = false;

process.on('message', () => {
  heard = clock.now();
});
process.on('disconnect', () => void reap('its process is gone'));
// They go to everybody at the terminal, and this process is to stay.
for (const name of ['SIGINT', 'SIGHUP'] as const) process.on(name, () => {});

process.send?.('ready');
// At once, though it may never be needed: the files may be others by then.
const loading = import('../docker/lab-engine.ts');
await watch();

async function watch(): Promise<void> {
  for (let last = clock.now(); !over; last = clock.now()) {
    await clock.sleep(LOOK_MS);
    if (clock.now() - last > LOOK_MS + ASLEEP_MS) heard = clock.now();
    if (clock.now() - heard > LEASE_MS) return reap(`nothing was heard from it for ${LEASE_MS / 1000} s`);
    const journal = await ours();
    const overdue = (journal?.open ?? []).filter(
      ({ act, deadline }) => !seenTo.has(act) && Date.parse(deadline) < clock.now(),
    );
    if (overdue.length === 0) continue;
    // Its run goes on, and will find that it has been done.
    await undo(overdue, 'it is overdue');
    for (const { act } of overdue) seenTo.add(act);
  }
}

/** The journal of our run, as long as it lies where that has put it. */
async function ours(): Promise<Found | undefined> {
  return (await findJournals(lab.dir)).find(
    ({ file, header }) => basename(file) === ACTIVE && header.owner === owner,
  );
}

async function reap(why: string): Promise<void> {
  if (over) return;
  over = true;
  const journal = await ours();
  const taken = journal && (await takeOver(journal));
  if (journal && taken) {
    const well = await undo(
      (await findJournals(lab.dir)).find(({ file }) => file === taken)?.open ?? [],
      why,
    );
    // What is left is for whoever acts on the lab next.
    if (well) await rm(taken, { force: true });
  }
  if (process.connected) process.disconnect();
}

async function undo(open: readonly OpenAct[], why: string): Promise<boolean> {
  try {
    const { engineOf } = await loading;
    const world = { lab, clock, engine: await engineOf(lab, clock) };
    const acts = await takeBack(open, world, GIVE_UP_MS);
    for (const { id, type, restored, why: reason } of acts)
      await log(`${id} (${type}): ${restored ? 'taken back' : `not taken back: ${reason}`}, as ${why}`);
    return acts.every(({ restored }) => restored);
  } catch (error) {
    await log(`nothing taken back: ${messageOf(error)}`);
    return false;
  }
}

/** Nobody is left to tell; whoever wonders finds it beside the lab. */
async function log(line: string): Promise<void> {
  await appendFile(join(lab.dir, 'reaper.log'), `${iso(clock.now())} ${line}\n`).catch(() => {});
}
