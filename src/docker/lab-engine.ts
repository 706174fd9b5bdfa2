import Docker from 'dockerode';
import type { Clock } from '../core/clock.ts';
import type { Lab } from '../core/lab.ts';
import { connectEngine, type Engine } from './engine.ts';

/** The engine of a lab, or of a stack that is not ours, seen through its project alone. */
export async function engineOf({ project, foreign }: Lab, clock: Clock): Promise<Engine> {
  return connectEngine(project, clock, new Docker(), foreign?.services);
}
