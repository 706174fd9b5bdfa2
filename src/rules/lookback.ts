import { parser } from '@prometheus-io/lezer-promql';
import { lookback } from './promql.ts';
import type { RecordingRule } from './rule.ts';
import { sourcesOf } from './sources.ts';

/** Nothing is kept as long; a century, in milliseconds, so that every time that is computed from it is a date. */
const FURTHEST_MS = 100 * 365 * 86_400_000;

/**
 * How far back an alert's expression looks through the recording rules it reads, in the durations of its source.
 * A recorded metric reaches as far back as the longest of its rules; one that reads itself is not followed twice.
 */
export function deepLookback(
  expr: string,
  recordings: readonly RecordingRule[],
  seen: readonly string[] = [],
): number {
  const back = lookback(expr, (metric) => {
    if (seen.includes(metric)) return 0;
    const rules = recordings.filter(({ record }) => record === metric);
    return Math.max(0, ...rules.map((rule) => deepLookback(rule.expr, recordings, [...seen, metric])));
  });
  return Math.min(back, FURTHEST_MS);
}

/**
 * How long an expression may go on holding once its cause is gone, in the durations of its source: its lookback, save
 * for a failure that is asked for in two windows at a time (`long > x and short > x`, both of the same metrics). That
 * ends with the shorter, which is what it is there for. An `and` with other metrics is a guard, and may hold for ever.
 */
export function deepReset(expr: string, recordings: readonly RecordingRule[]): number {
  const sides = sidesOfAnd(expr);
  const sources = sides.map((side) => sourcesOf(side, recordings).sort().join('\n'));
  if (sides.length === 0 || sources.some((one) => one === '' || one !== sources[0]))
    return deepLookback(expr, recordings);
  return Math.min(...sides.map((side) => deepReset(side, recordings)));
}

/** The two sides of an expression that is an `and`, as they are written; none of any other. */
function sidesOfAnd(expr: string): string[] {
  let node = parser.parse(expr).topNode.firstChild;
  while (node?.name === 'ParenExpr') node = node.firstChild;
  if (!node?.getChild('And')) return [];
  const sides = [node.firstChild, node.lastChild].filter((side) => side !== null);
  return sides.map(({ from, to }) => expr.slice(from, to));
}
