import { type Labels, labelKey } from '../core/labels.ts';
import type { Exposition } from '../rules/exposition.ts';
import { type Expression, type Grouping, type Selector, satisfies } from '../rules/expression.ts';
import { aggregated, compared, counted, quantiles } from './evaluate-steps.ts';

/**
 * A result. A rate cannot be had from one exposition, but a ratio of rates is about the ratio of the counters as they
 * stand; so a rate is its counter, in a unit of its own: `perTime` says how often that unit stands above the line.
 */
export interface Result {
  labels: Labels;
  value: number;
  perTime: number;
}

/** What an expression comes to: results, or a plain number. */
export type Value = { results: Result[] } | { number: number };

/**
 * Evaluates an expression on the samples of an exposition, as far as one moment tells; undefined where it does not.
 * A comparison keeps the value of the left side, or of the one that is no number, as in Prometheus.
 */
export function evaluate(expression: Expression, exposition: Exposition): Value | undefined {
  const inner = (one: Expression | undefined) => (one ? evaluate(one, exposition) : undefined);
  switch (expression.kind) {
    case 'number':
      return { number: expression.value };
    case 'selector':
      return select(expression, exposition);
    case 'negative': {
      const value = inner(expression.of);
      return value && arithmetic('*', { number: -1 }, value, undefined, undefined);
    }
    case 'aggregate': {
      const value = expression.args.length === 1 ? inner(expression.args[0]) : undefined;
      return value && 'results' in value
        ? aggregated(expression.op, value.results, expression.grouping)
        : undefined;
    }
    case 'call':
      return call(expression.name, expression.args, exposition);
    case 'binary': {
      const left = inner(expression.left);
      const right = inner(expression.right);
      if (!left || !right) return undefined;
      return binary(expression, left, right);
    }
    default:
      return undefined;
  }
}

function select({ metric, matchers }: Selector, { samples }: Exposition): Value | undefined {
  const all = metric === undefined ? undefined : samples.get(metric);
  if (!all || all.length === 0) return undefined;
  // Labels of the scrape are in no exposition.
  const labelled = (label: string) => all.some(({ labels }) => label in labels);
  if (matchers.some(({ label }) => !labelled(label))) return undefined;
  const results: Result[] = [];
  for (const { labels, value } of all) {
    const fits = matchers.map((matcher) => satisfies(labels[matcher.label] ?? '', matcher));
    if (fits.includes(undefined)) return undefined;
    if (!fits.includes(false)) results.push({ labels, value, perTime: 0 });
  }
  return { results };
}

function call(name: string, args: Expression[], exposition: Exposition): Value | undefined {
  const [first, second] = args;
  if (/^(rate|irate|increase)$/.test(name) && first?.kind === 'window' && first.of.kind === 'selector')
    return counted(name, first.of, first.windowMs, evaluate(first.of, exposition), exposition);
  if (/^(avg|min|max|last)_over_time$/.test(name) && first?.kind === 'window')
    return evaluate(first.of, exposition);
  if (name === 'histogram_quantile' && first?.kind === 'number' && second) {
    const value = evaluate(second, exposition);
    return value && 'results' in value ? quantiles(first.value, value.results) : undefined;
  }
  if (name === 'vector' && first?.kind === 'number')
    return { results: [{ labels: {}, value: first.value, perTime: 0 }] };
  return undefined;
}

type Binary = Extract<Expression, { kind: 'binary' }>;

function binary(expression: Binary, left: Value, right: Value): Value | undefined {
  const { op, matching, many, bool } = expression;
  if (/^(and|or|unless)$/.test(op)) {
    if (!('results' in left && 'results' in right)) return undefined;
    const key = keyBy(matching);
    const rights = new Set(right.results.map(key));
    const lefts = new Set(left.results.map(key));
    if (op === 'and') return { results: left.results.filter((one) => rights.has(key(one))) };
    if (op === 'unless') return { results: left.results.filter((one) => !rights.has(key(one))) };
    return { results: [...left.results, ...right.results.filter((one) => !lefts.has(key(one)))] };
  }
  if (/^([<>]=?|[=!]=)$/.test(op))
    return bool ? undefined : paired(left, right, matching, many, compared(op));
  return arithmetic(op, left, right, matching, many);
}

function arithmetic(
  op: string,
  left: Value,
  right: Value,
  matching: Grouping | undefined,
  many: 'left' | 'right' | undefined,
): Value | undefined {
  return paired(left, right, matching, many, (a, b) => {
    const result = calculate(op, a.value, b.value);
    if (result === undefined) return undefined;
    if (op === '*') return { value: result, perTime: a.perTime + b.perTime };
    if (op === '/') return { value: result, perTime: a.perTime - b.perTime };
    // Adding what has another unit is no sum; 0 of anything is 0.
    const sameUnit = a.perTime === b.perTime || a.value === 0 || b.value === 0;
    return sameUnit ? { value: result, perTime: a.value === 0 ? b.perTime : a.perTime } : undefined;
  });
}

function calculate(op: string, a: number, b: number): number | undefined {
  if (op === '+') return a + b;
  if (op === '-') return a - b;
  if (op === '*') return a * b;
  if (op === '/') return a / b;
  return undefined;
}

type Quantity = Pick<Result, 'value' | 'perTime'>;
/** What comes of a pair; undefined where nobody can tell. */
type Meet = (a: Quantity, b: Quantity) => Quantity | 'kept' | 'dropped' | undefined;

/** Meets every result with its partner, or with the number on the other side. */
function paired(
  left: Value,
  right: Value,
  matching: Grouping | undefined,
  many: 'left' | 'right' | undefined,
  meet: Meet,
): Value | undefined {
  const plain = (value: number) => ({ value, perTime: 0 });
  if ('number' in left && 'number' in right) {
    const met = meet(plain(left.number), plain(right.number));
    return met === undefined || typeof met === 'string' ? undefined : { number: met.value };
  }
  const [kept, other] = 'number' in left || many === 'right' ? [right, left] : [left, right];
  if (!('results' in kept)) return undefined;
  const key = keyBy(matching);
  const results: Result[] = [];
  for (const one of kept.results) {
    const partners =
      'number' in other ? [plain(other.number)] : other.results.filter((two) => key(two) === key(one));
    if (partners.length > 1) return undefined;
    for (const partner of partners) {
      const met = kept === left ? meet(one, partner) : meet(partner, one);
      if (met === undefined) return undefined;
      // Of two results the left one's value is kept; of a result and a number, the result's.
      const stays = kept === left || 'number' in other ? one : partner;
      if (met === 'dropped') continue;
      const { value, perTime } = met === 'kept' ? stays : met;
      results.push({ labels: one.labels, value, perTime });
    }
  }
  return { results };
}

function keyBy(matching: Grouping | undefined): (result: Result) => string {
  return ({ labels }) => {
    if (!matching) return labelKey(labels);
    const kept = Object.entries(labels).filter(
      ([label]) => matching.labels.includes(label) === matching.only,
    );
    return labelKey(Object.fromEntries(kept));
  };
}
