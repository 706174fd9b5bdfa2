import { deepLookback, deepReset } from '../rules/lookback.ts';
import type { AlertRule, Cadence, RecordingRule } from '../rules/rule.ts';
import { metricNames } from '../rules/selectors.ts';
import { JITTER_MS, type Looks } from './phases.ts';

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
 * `for` has passed since (prometheus/rules/alerting.go). A recorded metric may be one evaluation old for each
 * rule on the way that is not evaluated just before its reader. All arguments are in the same time, lab or wall.
 *
 * With `looks`, in wall time, the scrape and the evaluation are not the whole intervals but what is left of them, and
 * the earliest is at an evaluation.
 */
export function firingWindow(
  rule: AlertRule,
  effect: EffectSpan,
  cadence: Cadence,
  crossing: Crossing,
  recordings: readonly RecordingRule[],
  looks?: Looks,
): { earliest: number; deadline: number; terms: Term[] } {
  const evaluation = intervalOf(rule, cadence);
  const forMs = roundUp(rule.forMs, evaluation);
  const terms = kept([
    { name: 'crossing', ...crossing },
    ...remaining(detection(rule, cadence, recordings), effect.fullAt + crossing.ms, looks),
    { name: 'for', ms: forMs, source: '`for`, rounded up to the evaluation interval' },
    { name: 'grace', ms: evaluation, source: 'one more evaluation' },
  ]);
  const atEvaluation = looks ? looks.nextEvaluation(effect.startedAt) + forMs - JITTER_MS : 0;
  return {
    earliest: Math.max(effect.startedAt + rule.forMs, atEvaluation),
    deadline: effect.fullAt + sum(terms),
    terms,
  };
}

/** Terms that have a phase. */
const NEXT: Record<string, keyof Looks> = { scrape: 'nextScrape', evaluation: 'nextEvaluation' };

/** The same terms, with only so much of scrape and evaluation as is left of them when their turn comes. */
function remaining(terms: readonly Term[], from: number, looks: Looks | undefined): Term[] {
  if (!looks) return [...terms];
  let at = from;
  return terms.map((term) => {
    const next = NEXT[term.name];
    const ms = next ? looks[next](at + JITTER_MS) - at : term.ms;
    at += ms;
    return next ? { ...term, ms, source: `${term.source}, and its phase` } : term;
  });
}

/**
 * By when an alert must be gone once its cause is: the window of its expression has to empty itself, after the
 * service is back; `keep_firing_for` is added. `allowanceMs` is RESTART_ALLOWANCE_MS in the arguments' own time.
 */
export function resolveWindow(
  rule: AlertRule,
  causeGoneAt: number,
  cadence: Cadence,
  recordings: readonly RecordingRule[],
  allowanceMs: number = RESTART_ALLOWANCE_MS,
): { deadline: number; terms: Term[] } {
  const terms = kept([
    { name: 'restart', ms: allowanceMs, source: 'how long a service needs to serve again' },
    {
      name: 'window',
      ms: deepReset(rule.expr, recordings),
      source: 'how far back the expression looks',
    },
    ...detection(rule, cadence, recordings),
    { name: 'keep firing', ms: rule.keepFiringForMs, source: 'keep_firing_for' },
    { name: 'grace', ms: 2 * intervalOf(rule, cadence), source: 'two more evaluations' },
  ]);
  return { deadline: causeGoneAt + sum(terms), terms };
}

/** How long the expression may need to become true once the effect is full, and how that is known. */
export type Crossing = Omit<Term, 'name'>;

/** A stretch of time, in milliseconds since the Unix epoch. */
export interface Stretch {
  from: number;
  to: number;
}

/**
 * How long the expression may need to become true: what the scenario says in `within:` (lab time, hence the speed), or
 * else nothing for an instant expression. One with a window needs as long as the traffic made it need: until the first
 * stretch of `for` or more in which it held on the stored samples; and where there is none, or none is known yet, its
 * whole lookback, which is the most it can need.
 */
export function crossingOf(
  rule: AlertRule,
  recordings: readonly RecordingRule[],
  withinMs: number | undefined,
  speed: number,
  seen?: { held: readonly Stretch[]; effect: EffectSpan },
): Crossing {
  if (withinMs !== undefined) return { ms: withinMs / speed, source: '`within:` of the scenario' };
  const most = deepLookback(rule.expr, recordings);
  const lasting = seen?.held.find(({ from, to }) => to - from >= rule.forMs);
  const ms = seen && lasting ? Math.max(0, lasting.from - seen.effect.fullAt) : most;
  if (ms >= most) return { ms: most, source: 'how far back the expression looks' };
  return { ms, source: 'when the expression came true, on the samples that are stored' };
}

/**
 * How long at most an expression can hold because of an effect that lasts `effectMs`: it holds for less than this. An
 * instant expression holds from the first bad sample until the first good one; with a window it goes on until the last
 * bad sample has left it. How many samples are bad depends on when scrapes fall; this counts the most there can be.
 */
export function longestHold(
  rule: AlertRule,
  effectMs: number,
  { scrapeMs }: Cadence,
  recordings: readonly RecordingRule[],
): number {
  const between = Math.floor(effectMs / scrapeMs) * scrapeMs;
  return between + Math.max(scrapeMs, deepLookback(rule.expr, recordings));
}

/** The shortest effect that can keep an expression true for its `for`: what `longestHold` turns around. */
export function leastEffect(rule: AlertRule, cadence: Cadence, recordings: readonly RecordingRule[]): number {
  const after = longestHold(rule, 0, cadence, recordings);
  const needed = roundUp(rule.forMs, intervalOf(rule, cadence));
  return needed < after ? 0 : (Math.floor((needed - after) / cadence.scrapeMs) + 1) * cadence.scrapeMs;
}

/** From a change in the world to the first evaluation that can see it. */
function detection(rule: AlertRule, cadence: Cadence, recordings: readonly RecordingRule[]): Term[] {
  const evaluation = intervalOf(rule, cadence);
  return [
    { name: 'scrape', ms: cadence.scrapeMs, source: 'scrape_interval' },
    { name: 'scrape timeout', ms: cadence.scrapeTimeoutMs, source: 'scrape_timeout' },
    {
      name: 'recording rule',
      ms: staleSteps(rule, recordings) * evaluation,
      source: 'evaluation_interval of the recording rule',
    },
    { name: 'evaluation', ms: evaluation, source: 'evaluation_interval' },
  ];
}

/** What one rule knows of its place. */
type Placed = Pick<RecordingRule, 'expr' | 'group' | 'file' | 'line'>;

/** How many recorded metrics on the longest way to a rule may be one evaluation old. */
function staleSteps(
  reader: Placed,
  recordings: readonly RecordingRule[],
  seen: readonly string[] = [],
): number {
  const names = metricNames(reader.expr).filter((name) => !seen.includes(name));
  const steps = names.flatMap((name) =>
    recordings
      .filter(({ record }) => record === name)
      .map((rule) => (isFresh(rule, reader) ? 0 : 1) + staleSteps(rule, recordings, [...seen, name])),
  );
  return Math.max(0, ...steps);
}

/** A group evaluates its rules in their order, so what stands before its reader is of this very evaluation. */
function isFresh(rule: Placed, reader: Placed): boolean {
  const sameGroup = rule.group === reader.group && (rule.file ?? reader.file) === (reader.file ?? rule.file);
  // A live Prometheus tells no lines: there, the usual order is taken for granted.
  return sameGroup && (rule.line ?? 0) <= (reader.line ?? Number.POSITIVE_INFINITY);
}

/** An interval of 0 is none: Prometheus takes the global one for it. */
function intervalOf(rule: AlertRule, cadence: Cadence): number {
  return rule.intervalMs || cadence.evaluationMs;
}

function kept(terms: Term[]): Term[] {
  return terms.filter(({ ms }) => ms > 0);
}

function sum(terms: readonly Term[]): number {
  return terms.reduce((total, { ms }) => total + ms, 0);
}

function roundUp(ms: number, step: number): number {
  return Math.ceil(ms / step) * step;
}
