import containerStop from './container-stop.ts';
import type { AnyFault } from './fault.ts';

/** Every fault there is. Schema, `chaos list`, the plan, the docs and the runner follow from this list. */
export const FAULTS: readonly AnyFault[] = [containerStop];

/** The fault of that type, where there is one. */
export function findFault(type: string): AnyFault | undefined {
  return FAULTS.find((fault) => fault.type === type);
}
