import type { Clock } from '../core/clock.ts';
import { ChaosError } from '../core/errors.ts';
import type { Engine } from '../docker/engine.ts';
import type { SwarmNames } from '../docker/swarm.ts';
import type { UndoNote } from '../faults/fault.ts';

/** What the making of load on a Swarm is called in a journal. It is no fault: nobody writes it into a scenario. */
export const SWARM_LOAD = 'swarm-load';

/** What was brought into the Swarm, and the services of the lab that were connected to its network. */
export interface SwarmLoadNote extends UndoNote, SwarmNames {
  attached: string[];
}

/**
 * Takes a load's service, hub and network off the Swarm, and the lab's services off that network. May be called more
 * than once.
 * @returns whether all of it is gone, and when: milliseconds since the Unix epoch
 */
export async function undoSwarmLoad(
  note: SwarmLoadNote,
  { engine, clock }: { engine: Engine; clock: Clock },
): Promise<{ undoneAt: number; restored: boolean }> {
  const { swarm } = engine;
  await swarm.removeService(note.service);
  await swarm.removeHub(note.hub);
  for (const service of note.attached)
    await engine.disconnect(service, note.network).catch((error) => {
      // A container that is gone is on no network.
      if (!(error instanceof ChaosError && error.lasting)) throw error;
    });
  // Refused while a task has not ended; whoever calls tries again.
  await swarm.removeNetwork(note.network);
  return { undoneAt: clock.now(), restored: !(await swarm.isThere(note)) };
}
