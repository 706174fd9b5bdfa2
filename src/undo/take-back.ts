import { ChaosError, messageOf } from '../core/errors.ts';
import type { AnyFault, UndoNote, World } from '../faults/fault.ts';
import { findFault } from '../faults/index.ts';
import type { OpenAct } from './entries.ts';
import { SWARM_LOAD, type SwarmLoadNote, undoSwarmLoad } from './swarm-load.ts';

/** Between two tries of an undo, in wall milliseconds. */
const AGAIN_MS = 500;
/** How long an undo that was carried out may take to show, in wall milliseconds. */
const SHOWS_WITHIN_MS = 15_000;
/** An act that its own process did not live to see may reach the daemon so much later, in wall milliseconds. */
const IN_FLIGHT_MS = 1500;

/** How an undo ended. */
export interface Undone {
  /** Milliseconds since the Unix epoch; null where it could not be done. */
  undoneAt: number | null;
  /** Whether the state from before was seen again. */
  restored: boolean;
  /** Why it was not. */
  why?: string;
}

/**
 * Undoes one act, again and again until the state from before is seen.
 * @param giveUpAt how long to go on while the lab cannot be asked, milliseconds since the Unix epoch
 * @param onFailed hears of each try that failed
 */
export async function undoUntil(
  { type, note }: { type: string; note: UndoNote },
  world: World,
  giveUpAt: number,
  onFailed: (why: string) => void = () => {},
): Promise<Undone> {
  const { clock } = world;
  const began = clock.now();
  const undo = undoOf(type);
  if (!undo) return { undoneAt: null, restored: false, why: `nobody knows a fault called ${type}` };
  for (;;) {
    let ended: Undone;
    let lasting = false;
    let until = began + SHOWS_WITHIN_MS;
    try {
      ended = await undo(note, world);
      if (!ended.restored) ended.why = 'the state from before was not seen again';
    } catch (error) {
      ended = { undoneAt: null, restored: false, why: messageOf(error) };
      lasting = error instanceof ChaosError && error.lasting;
      until = giveUpAt;
    }
    if (ended.restored || lasting || clock.now() >= until) return ended;
    onFailed(ended.why ?? '');
    await clock.sleep(AGAIN_MS);
  }
}

function undoOf(type: string): AnyFault['undo'] | undefined {
  if (type === SWARM_LOAD) return (note, world) => undoSwarmLoad(note as SwarmLoadNote, world);
  const fault = findFault(type);
  return fault && ((note, world) => fault.undo(note, world));
}

/** What became of one act of a run that is gone. */
export interface TakenBack extends Undone {
  id: string;
  type: string;
}

/**
 * Takes back what a journal holds open, newest first, in place of the process that wrote it. What may still have been
 * on its way is taken back once more, a moment later.
 */
export async function takeBack(
  open: readonly OpenAct[],
  world: World,
  limitMs: number,
): Promise<TakenBack[]> {
  const { clock } = world;
  const began = clock.now();
  const ended: TakenBack[] = [];
  const undo = async (act: OpenAct): Promise<TakenBack> => {
    const giveUpAt = Math.max(began + limitMs, Date.parse(act.deadline));
    return { id: act.id, type: act.type, ...(await undoUntil(act, world, giveUpAt)) };
  };
  for (const act of open) ended.push(await undo(act));
  if (!open.some(({ inFlight }) => inFlight)) return ended;
  await clock.sleep(IN_FLIGHT_MS - (clock.now() - began));
  for (const [index, act] of open.entries()) if (act.inFlight) ended[index] = await undo(act);
  return ended;
}
