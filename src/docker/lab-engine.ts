import type { Clock } from '../core/clock.ts';
import type { Lab } from '../core/lab.ts';
import { connectEngine, type Engine } from './engine.ts';
import { openHost } from './host.ts';

/**
 * The engine of a lab, or of a stack that is not ours, seen through its project alone.
 * @throws ChaosError `not-ready` where that is on another host, which does not answer
 */
export async function engineOf({ project, foreign }: Lab, clock: Clock): Promise<Engine> {
  const { host, services } = foreign ?? {};
  // Never closed: a tunnel ends with the process that opened it.
  const docker = host === undefined ? undefined : (await openHost(host)).docker;
  return connectEngine(project, clock, docker, services);
}
