import { systemClock } from '../core/clock.ts';
import { engineOf } from '../docker/lab-engine.ts';
import type { World } from '../faults/fault.ts';
import { loadLab } from '../stack/lab-file.ts';

/** All that is needed to act on a lab. @throws ChaosError `not-ready` where there is none of that name */
export async function worldOf(name: string): Promise<World> {
  const lab = loadLab(name);
  return { lab, clock: systemClock, engine: await engineOf(lab, systemClock) };
}
