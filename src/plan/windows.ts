import { metricNames } from '../rules/promql.ts';
import type { AlertRule, Cadence, RecordingRule } from '../rules/rule.ts';
import { deepLookback } from '../rules/rule-files.ts';

/**
 * When a step took effect: the first moment at which it can have had any, and the one from which it had all.
 * Equal for a fault; for a load the first request and the end of the last ramp. Milliseconds since any zero.
 */
export interface EffectSpan {
  startedAt: number;
  fullAt: number;
}

/** One addend of a deadline. */
export interface Term {
  name: string;
  ms: number;
  /** The setting it comes from. */
  source: string;
}

/**
 * After its cause is gone, a service needs this long to serve again, in wall milliseconds: a container's start,
 * which no lab speed shortens (0.7 to 1.3 s for the API alone), and its stores' and probes' first answers.
 */
export const RESTART_ALLOWANCE_MS = 10_000;

/**
 * When an alert can first and must at last be firing.
 *
 * earliest = start of the effect + `for`: an alert that fires sooner was pending before.
 * deadline = full effect + crossing + scrape interval + scrape timeout + evaluation interval
 *          + `for` rounded up to the evaluation interval + one evaluation of grace,
 * as Prometheus sets ActiveAt at the first evaluation with a result and fires at the first evaluation at which
 * `for` has passed since (prometheus/rules/alerting.go). A recorded metric from another group may be one
 * evaluation old. All arguments are in the same time, lab or wall.
 */
export function firingWindow(
  rule: AlertRule,
  effect: EffectSpan,
  cadence: Cadence,
  crossingMs: number,
  recordings: readonly RecordingRule[],
): { earliest: number; deadline: number; terms: Term[] } {
  const evaluation = rule.intervalMs ?? cadence.evaluationMs;
  const borrowed = metricNames(rule.expr).some((name) =>
    recordings.some(({ record, group }) => record === name && group !== rule.group),
  );
  const terms = [
    { name: 'crossing', ms: crossingMs, source: 'how long the expression needs to become true' },
    { name: 'scrape', ms: cadence.scrapeMs, source: 'scrape_interval' },
    { name: 'scrape timeout', ms: cadence.scrapeTimeoutMs, source: 'scrape_timeout' },
    {
      name: 'recording rule',
      ms: borrowed ? evaluation : 0,
      source: 'evaluation_interval of the recording rule',
    },
    { name: 'evaluation', ms: evaluation, source: 'evaluation_interval' },
    {
      name: 'for',
      ms: roundUp(rule.forMs, evaluation),
      source: '`for`, rounded up to the evaluation interval',
    },
    { name: 'grace', ms: evaluation, source: 'one more evaluation' },
  ].filter(({ ms }) => ms > 0);
  return {
    earliest: effect.startedAt + rule.forMs,
    deadline: effect.fullAt + terms.reduce((sum, { ms }) => sum + ms, 0),
    terms,
  };
}

/**
 * By when an alert must be gone once its cause is: the window of its expression has to empty itself, after the
 * service is back; `keep_firing_for` is added. `allowanceMs` is RESTART_ALLOWANCE_MS in the arguments' own time.
 */
export function resolveDeadline(
  rule: AlertRule,
  causeGoneAt: number,
  cadence: Cadence,
  recordings: readonly RecordingRule[],
  allowanceMs: number = RESTART_ALLOWANCE_MS,
): number {
  const evaluation = rule.intervalMs ?? cadence.evaluationMs;
  const window = deepLookback(rule.expr, recordings);
  return (
    causeGoneAt +
    allowanceMs +
    window +
    rule.keepFiringForMs +
    cadence.scrapeMs +
    cadence.scrapeTimeoutMs +
    3 * evaluation
  );
}

/**
 * How long the expression may need to become true once the effect is full: what the scenario says in `within:`
 * (lab time, hence the speed), or else nothing for an instant expression and the whole lookback for one with a
 * window, which is the most it can need.
 */
export function crossingOf(
  rule: AlertRule,
  recordings: readonly RecordingRule[],
  withinMs: number | undefined,
  speed: number,
): number {
  return withinMs === undefined ? deepLookback(rule.expr, recordings) : withinMs / speed;
}

function roundUp(ms: number, step: number): number {
  return Math.ceil(ms / step) * step;
}
