import { findFault } from '../faults/index.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { endOf } from './plan.ts';

/** A lab with its load needs about this much memory, in bytes. */
const LAB_BYTES = 2 ** 30;

/** How many labs this machine bears side by side: one a processor, as far as there is memory, and at least one. */
export function labsBorne(processors: number, freeBytes: number): number {
  return Math.max(1, Math.min(processors, Math.floor(freeBytes / LAB_BYTES)));
}

/**
 * Scenarios in the order in which they are best run side by side: the longest first, so that none is left over at the
 * end. Those whose fault is felt on the whole machine are to be run alone, after the others.
 */
export function schedule(scenarios: readonly Scenario[]): { together: Scenario[]; alone: Scenario[] } {
  const longestFirst = [...scenarios].sort((a, b) => shortestMs(b) - shortestMs(a));
  return {
    together: longestFirst.filter((scenario) => !isMachineWide(scenario)),
    alone: longestFirst.filter(isMachineWide),
  };
}

const HOUR_MS = 3_600_000;

/**
 * How long a run may take in all, in lab milliseconds. Where the scenario does not say, an hour, which is more than
 * waiting for quiet takes and longer than the windows of most rules, and twice what the scenario takes.
 */
export function timeLimitOf(scenario: Scenario): number {
  return scenario.timeLimitMs ?? HOUR_MS + 2 * shortestMs(scenario);
}

/** Lab milliseconds that a scenario takes at least. */
function shortestMs({ baselineMs, timeline, watchMs }: Scenario): number {
  return baselineMs + Math.max(watchMs, ...timeline.map(endOf));
}

function isMachineWide({ timeline }: Scenario): boolean {
  return timeline.some(
    (step) => step.kind === 'fault' && findFault(step.type)?.targets(step.fields).length === 0,
  );
}
