import { systemClock } from '../core/clock.ts';
import { connectEngine } from '../docker/engine.ts';
import type { World } from '../faults/fault.ts';
import { loadLab } from '../stack/lab-file.ts';

/** All that is needed to act on a lab. @throws ChaosError `not-ready` where there is none of that name */
export function worldOf(name: string): World {
  const lab = loadLab(name);
  return { lab, clock: systemClock, engine: connectEngine(lab.project, systemClock) };
}
