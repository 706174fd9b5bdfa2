import { humanDuration } from '../../core/duration.ts';
import { peakOf } from '../../load/stages.ts';
import { type Expression, partsOf, readExpression } from '../../rules/expression.ts';
import type { AlertRule, RecordingRule } from '../../rules/rule.ts';
import type { Scenario, Step } from '../../scenario/scenario.ts';
import { endOf } from '../plan.ts';
import { crossingOf, firingWindow, leastEffect, longestHold, RESTART_ALLOWANCE_MS } from '../windows.ts';
import { expected, type Finder, placeOf } from './finding.ts';
import { BESIDE, inFlightRule, timeAbove } from './in-flight.ts';
import { expanded, functionsOf } from './reading.ts';

/** A step that is over before the condition can have held for the rule's `for`. */
export const tooShort: Finder = (subject) =>
  expected(subject).flatMap(({ expectation, rule, step }) => {
    const { scenario, rules, cadence, world } = subject;
    const { recordings } = rules;
    if (outlastsItsCause(rule, recordings)) return [];
    const inFlight = step.kind === 'load' ? inFlightRule(rule, recordings, world) : undefined;
    const beside = scenario.timeline.some(
      (one) => one !== step && one.atMs < endOf(step) && endOf(one) > step.atMs,
    );
    const lasts = endOf(step) - step.atMs;
    // Other traffic counts too, so a rule on requests in flight may hold a little before and after.
    const level = (inFlight?.needed ?? 0) - trafficOf(scenario) - BESIDE;
    const above = inFlight && !beside && step.kind === 'load' ? timeAbove(step.load, level) : lasts;
    const effect = Math.min(lasts, above || lasts);
    const hold = longestHold(rule, effect + allowance(step), cadence, recordings);
    const least = leastEffect(rule, cadence, recordings);
    if (effect + allowance(step) >= least) return [];
    const sure = firingWindow(
      rule,
      { startedAt: 0, fullAt: 0 },
      cadence,
      crossingOf(rule, recordings, expectation.withinMs, 1),
      recordings,
    ).deadline;
    const time = (ms: number) => humanDuration(ms);
    const what =
      effect < lasts
        ? `keeps ${inFlight!.needed} requests in flight for ${time(effect)}`
        : `lasts ${time(lasts)}`;
    return [
      {
        kind: 'too-short',
        alert: rule.name,
        step: step.id,
        ...(rule.forAt && rule.file ? { file: rule.file, ...rule.forAt } : placeOf(rule, expectation)),
        message: `${rule.name} must hold for ${time(rule.forMs)}, and the step ${step.id} ${what}: scraped every ${time(cadence.scrapeMs)}, the condition holds for less than ${time(hold)}`,
        change: `let ${step.id} last at least ${time(least)}; from ${time(sure)} on it has to fire`,
      },
    ];
  });

function trafficOf({ traffic }: Scenario): number {
  return traffic ? peakOf(traffic.stages) : 0;
}

/** After a fault is undone a service may need a while until it serves again. */
function allowance(step: Step): number {
  return step.kind === 'fault' ? RESTART_ALLOWANCE_MS : 0;
}

/** Whether an expression can go on holding for any time after its cause: a counter as it stands, or an age. */
function outlastsItsCause(rule: AlertRule, recordings: readonly RecordingRule[]): boolean {
  const clocks = functionsOf(rule, recordings).some((name) => /^(time|timestamp)$/.test(name));
  return clocks || countsForEver(expanded(readExpression(rule.expr), recordings));
}

function countsForEver(expression: Expression): boolean {
  if (expression.kind === 'window') return false;
  if (expression.kind === 'selector')
    return /_(total|count|sum|bucket|created)$/.test(expression.metric ?? '_total');
  return expression.kind === 'unknown' || partsOf(expression).some(countsForEver);
}
