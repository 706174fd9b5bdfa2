import { lookback } from './promql.ts';
import type { RecordingRule } from './rule.ts';

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
