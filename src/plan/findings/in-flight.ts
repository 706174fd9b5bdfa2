import { peakOf, pieces } from '../../load/stages.ts';
import { type Expression, readExpression } from '../../rules/expression.ts';
import type { AlertRule, RecordingRule } from '../../rules/rule.ts';
import type { LoadSpec, LoadStep, Scenario } from '../../scenario/scenario.ts';
import { endOf } from '../plan.ts';
import { describedAs, type World } from '../world.ts';
import { expanded } from './reading.ts';

/** A rule that fires on requests in flight: `http_requests_active > 50`. */
export interface InFlightRule {
  metric: string;
  /** How many must be in flight for it to hold. */
  needed: number;
  /** How the metric was recognised, for people. */
  how: string;
}

/** Requests that are none of the load's and may be counted with it: the scrape itself, and a probe or two. */
export const BESIDE = 3;

/** Reads a rule as one on requests in flight; undefined for any other, and for one whose metric is said to be no gauge. */
export function inFlightRule(
  rule: AlertRule,
  recordings: readonly RecordingRule[],
  world: World,
): InFlightRule | undefined {
  const comparison = expanded(readExpression(rule.expr), recordings);
  if (comparison.kind !== 'binary' || comparison.right.kind !== 'number') return undefined;
  const { op, left, right } = comparison;
  if (op !== '>' && op !== '>=') return undefined;
  const metric = gaugeIn(left);
  if (metric === undefined || !namesRequestsInFlight(metric)) return undefined;
  const { type, help } = describedAs(metric, world);
  if (type !== undefined && type !== 'gauge') return undefined;
  const needed = op === '>' ? Math.floor(right.value) + 1 : Math.ceil(right.value);
  const said = help ? ` and its HELP, "${help}"` : '';
  return { metric, needed, how: `${metric} counts requests in flight, by its name${said}` };
}

/** The most requests that can be in flight during a load step, background traffic and other loads included. */
export function mostInFlight(scenario: Scenario, step: LoadStep): number {
  const beside = scenario.timeline.filter(
    (one): one is LoadStep =>
      one.kind === 'load' && one !== step && one.atMs < endOf(step) && endOf(one) > step.atMs,
  );
  const loads = [step, ...beside].map(({ load }) => load);
  return (
    BESIDE +
    [...loads, ...(scenario.traffic ? [scenario.traffic] : [])].reduce((sum, load) => sum + most(load), 0)
  );
}

/** Lab milliseconds for which a load by itself keeps at least that many requests in flight, at the most. */
export function timeAbove(load: LoadSpec, level: number): number {
  if (load.model === 'open') return Number.POSITIVE_INFINITY;
  let sum = 0;
  for (const { lengthMs, from, to } of pieces(load.stages)) {
    const [low, high] = from < to ? [from, to] : [to, from];
    if (low >= level) sum += lengthMs;
    else if (high >= level) sum += (lengthMs * (high - level)) / (high - low);
  }
  return sum;
}

/** A connection of the closed model waits for its answer; the open model drops what is beyond its limit. */
function most(load: LoadSpec): number {
  return load.model === 'closed' ? peakOf(load.stages) : load.maxInFlight;
}

function gaugeIn(expression: Expression): string | undefined {
  if (expression.kind === 'selector') return expression.metric;
  if (expression.kind !== 'aggregate' || !/^(sum|max|min|avg)$/.test(expression.op)) return undefined;
  const [of] = expression.args;
  return of?.kind === 'selector' ? of.metric : undefined;
}

function namesRequestsInFlight(metric: string): boolean {
  const words = metric.replace(/in_(flight|progress)/, 'in$1').split('_');
  return (
    words.some((word) => /^(active|inflight|inprogress|concurrent)$/.test(word)) &&
    words.some((word) => /^requests?$/.test(word)) &&
    !words.includes('total')
  );
}
