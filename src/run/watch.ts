import type { Due } from '../core/events.ts';
import { matches } from '../core/labels.ts';
import type { Transition } from '../observe/observer.ts';
import { looksOf } from '../plan/phases.ts';
import { crossingOf, firingWindow, resolveWindow } from '../plan/windows.ts';
import type { Evidence, StepEffect } from './record.ts';

/** The part of the evidence by which one can tell, during the run, what is still to be waited for. */
export type Prospect = Pick<Evidence, 'expect' | 'rules' | 'cadence' | 'steps' | 'speed'> & {
  surroundings: Pick<Evidence['surroundings'], 'before'>;
};

/** When each expected alert may and must fire, for those whose cause has taken effect. */
export function dues({ expect, rules, cadence, steps, speed, surroundings }: Prospect): Due[] {
  const { phases } = surroundings.before;
  return expect.flatMap((expected, index) => {
    const effect = effectOf(steps, expected.because);
    const rule = rules.alerts.find(({ name }) => name === expected.alert);
    if (!rule || !effect) return [];
    const crossing = crossingOf(rule, rules.recordings, expected.withinMs, speed);
    const looks = looksOf(phases, rule, expected.labels);
    const { earliest, deadline } = firingWindow(rule, effect, cadence, crossing, rules.recordings, looks);
    return [{ index, earliest, deadline }];
  });
}

/** The span of a step's effect, once it has one. */
export function effectOf(
  steps: readonly StepEffect[],
  id: string,
): { startedAt: number; fullAt: number } | undefined {
  const step = steps.find((one) => one.id === id);
  if (!step || step.startedAt === null || step.fullAt === null) return undefined;
  return { startedAt: step.startedAt, fullAt: step.fullAt };
}

/**
 * The moment until which there is something to wait for, by what the polls have shown: an alert that has not
 * fired is waited for until its deadline, one that has until it is gone or its recovery is overdue.
 * @returns milliseconds since the Unix epoch; a time in the past means that all is settled
 */
export function waitUntil(prospect: Prospect, transitions: readonly Transition[], now: number): number {
  const { expect, rules, cadence, steps } = prospect;
  const untils = dues(prospect).map(({ index, deadline }) => {
    const expected = expect[index]!;
    const rule = rules.alerts.find(({ name }) => name === expected.alert)!;
    const effect = effectOf(steps, expected.because)!;
    const seen = transitions.filter(
      ({ witness, alert, labels, at }) =>
        witness === 'prometheus' &&
        alert === expected.alert &&
        matches(labels, expected.labels) &&
        at >= effect.startedAt,
    );
    if (!seen.some(({ state }) => state === 'firing')) return deadline;
    if (!expected.resolves) return now;
    const goneAt = steps.find(({ id }) => id === expected.because)?.goneAt;
    // Its cause is still there: the timeline is not over, and is waited for elsewhere.
    if (!goneAt) return now;
    if (seen.at(-1)?.state === 'gone') return now;
    return resolveWindow(rule, goneAt, cadence, rules.recordings).deadline;
  });
  // Two evaluations on, so that what was due at the deadline is in the stored history.
  return Math.max(
    now,
    ...untils.filter((until) => until > now).map((until) => until + 2 * cadence.evaluationMs),
  );
}
