import { findFault } from '../faults/index.ts';
import { fullAfterMs, peakOf, totalMs } from '../load/stages.ts';
import type { Rules } from '../rules/lab-time.ts';
import type { Cadence } from '../rules/rule.ts';
import type { LoadSpec, Scenario, Step } from '../scenario/scenario.ts';
import { type Place, swarmTouches, type Touched, touchesOf, trafficTouches } from './touches.ts';
import { crossingOf, firingWindow, resolveWindow } from './windows.ts';

/** What a run will do and when, before anything is touched. All times are lab milliseconds after the baseline. */
export interface Plan {
  scenario: string;
  title: string;
  about: string;
  pass: number;
  baselineMs: number;
  /** From the end of the baseline to the last moment at which anything is waited for. */
  longestMs: number;
  steps: PlannedStep[];
  expectations: PlannedExpectation[];
  /** Everything that would be touched: the blast radius. */
  touches: Touched[];
}

export interface PlannedStep {
  id: string;
  what: string;
  atMs: number;
  endMs: number;
}

/** When an expected alert may and must fire, if its step takes effect at once. */
export interface PlannedExpectation {
  alert: string;
  labels: Record<string, string>;
  because: string;
  forMs: number;
  earliestMs: number;
  deadlineMs: number;
  /** Undefined where it need not go away. */
  goneByMs: number | undefined;
}

/** Orders a scenario into a plan for a place. `rules` and `cadence` are in lab time. */
export function makePlan(scenario: Scenario, rules: Rules, cadence: Cadence, place: Place): Plan {
  const { timeline } = scenario;
  const expectations = planExpectations(scenario, rules, cadence);
  const steps = timeline.map((step) => ({
    id: step.id,
    what: describe(step),
    atMs: step.atMs,
    endMs: endOf(step),
  }));
  const longestMs = Math.max(
    scenario.watchMs,
    ...steps.map(({ endMs }) => endMs),
    ...expectations.map(({ deadlineMs, goneByMs }) => goneByMs ?? deadlineMs),
  );
  return {
    scenario: scenario.name,
    title: scenario.title,
    about: scenario.about,
    pass: scenario.pass,
    baselineMs: scenario.baselineMs,
    longestMs,
    steps,
    expectations,
    touches: [
      ...swarmTouches(scenario, longestMs, place),
      ...trafficTouches(scenario, longestMs, place),
      ...timeline.flatMap((step) => touchesOf(step, endOf(step), place)),
    ],
  };
}

/** The windows of what is expected; an alert without a rule has none. */
export function planExpectations(
  { timeline, expect }: Pick<Scenario, 'timeline' | 'expect'>,
  rules: Rules,
  cadence: Cadence,
): PlannedExpectation[] {
  return expect.flatMap(({ alert, labels, because, withinMs, resolves }) => {
    const rule = rules.alerts.find(({ name }) => name === alert);
    const step = timeline.find(({ id }) => id === because);
    if (!rule || !step) return [];
    const effect = effectSpan(step);
    const crossing = crossingOf(rule, rules.recordings, withinMs, 1);
    const { earliest, deadline } = firingWindow(rule, effect, cadence, crossing, rules.recordings);
    const gone = resolveWindow(rule, endOf(step), cadence, rules.recordings).deadline;
    return [
      {
        alert,
        labels,
        because,
        forMs: rule.forMs,
        earliestMs: earliest,
        deadlineMs: deadline,
        goneByMs: resolves ? gone : undefined,
      },
    ];
  });
}

/** Lab milliseconds at which a step is over. */
export function endOf(step: Step): number {
  if (step.kind === 'fault') return step.atMs + step.forMs;
  return step.atMs + totalMs(step.load.stages);
}

function effectSpan(step: Step): { startedAt: number; fullAt: number } {
  if (step.kind === 'fault') return { startedAt: step.atMs, fullAt: step.atMs };
  return { startedAt: step.atMs, fullAt: step.atMs + fullAfterMs(step.load.stages) };
}

function describe(step: Step): string {
  if (step.kind === 'fault') return findFault(step.type)?.describe(step.fields) ?? step.type;
  const urls = [...new Set(step.load.requests.map(({ url }) => url))];
  return `${describePeak(step.load)} on ${urls.join(', ')}`;
}

/** `80 connections`, or `500 requests/s`: the most a load comes to. */
export function describePeak({ model, stages }: LoadSpec): string {
  return `${peakOf(stages)} ${model === 'closed' ? 'connections' : 'requests/s'}`;
}
