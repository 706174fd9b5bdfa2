import type { World } from '../faults/fault.ts';
import { type ReadyLoad, readyLoad } from '../load/ready.ts';
import type { LoadSpec } from '../scenario/scenario.ts';
import { wireLoad } from './wire.ts';

/**
 * Makes a load ready to start.
 * @throws ChaosError `not-ready` where it cannot be made
 */
export type LoadSource = (name: string, spec: LoadSpec) => Promise<ReadyLoad>;

/** The processors of this machine. */
export function thisMachine({ lab, clock }: Pick<World, 'lab' | 'clock'>, speed: number): LoadSource {
  return (name, spec) => readyLoad(wireLoad(name, spec, lab, speed), clock);
}
