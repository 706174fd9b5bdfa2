import type { LiveSeries } from '../../observe/survey.ts';
import { type Selector, satisfies } from '../../rules/expression.ts';

/** What a selector asks for that no series of a live Prometheus has. */
export type Missing = { kind: 'metric' | 'bucket' | 'label'; what: string };

/**
 * What is missing for a selector ever to find something; undefined where nothing is. The value of a label is not asked
 * for, as `status="500"` comes with the first error, but a bucket's is, and a job's, which are there from the start.
 */
export function missingFor({ metric, matchers }: Selector, live: LiveSeries): Missing | undefined {
  if (metric === undefined || /^ALERTS(_FOR_STATE)?$/.test(metric)) return undefined;
  const series = live.series.get(metric) ?? [];
  if (!live.metrics.has(metric)) return { kind: 'metric', what: metric };
  if (series.length === 0) return undefined;
  for (const matcher of matchers) {
    const { label, op, value } = matcher;
    // It asks for nothing where a series without the label satisfies it.
    if (satisfies('', matcher) !== false) continue;
    const what = `${metric}{${label}${op}"${value}"}`;
    if (label === 'le' && op === '=') {
      if (series.every(({ le }) => le === undefined || bound(le) !== bound(value)))
        return { kind: 'bucket', what };
    } else if (label === 'job') {
      if (series.every(({ job = '' }) => satisfies(job, matcher) === false)) return { kind: 'label', what };
    } else if (series.every((one) => one[label] === undefined)) return { kind: 'label', what };
  }
  return undefined;
}

/** Prometheus 2 writes `le="1"` and version 3 `le="1.0"`. */
function bound(le: string): number {
  return Number(le.replace(/^\+?Inf$/, 'Infinity'));
}
