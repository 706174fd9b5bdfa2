import { labelKey, only, without } from '../core/labels.ts';
import { type Exposition, familyOf } from '../rules/exposition.ts';
import type { Grouping, Selector } from '../rules/expression.ts';
import type { Result, Value } from './evaluate.ts';

/** A rate, or an increase over a window, of counters as they stand; undefined for what is said to be no counter. */
export function counted(
  name: string,
  { metric }: Selector,
  windowMs: number,
  value: Value | undefined,
  exposition: Exposition,
): Value | undefined {
  const type = exposition.types.get(familyOf(metric ?? '', exposition));
  if (!value || !('results' in value) || !/^(counter|histogram|summary)$/.test(type ?? 'counter'))
    return undefined;
  // An increase is a rate times the seconds of its window.
  const factor = name === 'increase' ? windowMs / 1000 : 1;
  return { results: value.results.map((one) => ({ ...one, value: one.value * factor, perTime: 1 })) };
}

/** sum, avg, min, max and count; undefined for any other, and where what is put together differs in its unit. */
export function aggregated(
  op: string,
  results: readonly Result[],
  grouping: Grouping | undefined,
): Value | undefined {
  const groups = new Map<string, Result[]>();
  for (const result of results) {
    const labels = grouped(result, grouping);
    const key = labelKey(labels);
    groups.set(key, [...(groups.get(key) ?? []), { ...result, labels }]);
  }
  const all: Result[] = [];
  for (const [first, ...rest] of groups.values()) {
    const members = [first!, ...rest];
    const values = members.map(({ value }) => value);
    const value = AGGREGATIONS[op]?.(values);
    const units = new Set(members.filter((one) => one.value !== 0).map(({ perTime }) => perTime));
    if (value === undefined || units.size > 1) return undefined;
    all.push({
      labels: first!.labels,
      value,
      perTime: op === 'count' ? 0 : ([...units][0] ?? first!.perTime),
    });
  }
  return { results: all };
}

const sum = (values: readonly number[]) => values.reduce((total, one) => total + one, 0);
const AGGREGATIONS: Record<string, (values: readonly number[]) => number> = {
  sum,
  avg: (values) => sum(values) / values.length,
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
  count: (values) => values.length,
};

function grouped({ labels }: Result, grouping: Grouping | undefined): Record<string, string> {
  if (!grouping) return {};
  if (!grouping.only) return without(labels, ...grouping.labels);
  return only(labels, ...grouping.labels);
}

/**
 * A comparison, which keeps a result or drops it. A rate cannot be compared with a number, except with 0; that its counter
 * is still at 0 says nothing of how fast it will rise.
 */
export function compared(op: string) {
  return (a: Pick<Result, 'value' | 'perTime'>, b: Pick<Result, 'value' | 'perTime'>) => {
    const plain = a.perTime === 0 ? a : b;
    if (a.perTime !== b.perTime && (plain.perTime !== 0 || plain.value !== 0)) return undefined;
    return COMPARISONS[op]!(a.value, b.value) ? 'kept' : 'dropped';
  };
}

const COMPARISONS: Record<string, (a: number, b: number) => boolean> = {
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
  '==': (a, b) => a === b,
  '!=': (a, b) => a !== b,
};

/** `histogram_quantile` of cumulative buckets, interpolated within a bucket as Prometheus does. */
export function quantiles(q: number, buckets: readonly Result[]): Value {
  const histograms = new Map<string, Result[]>();
  for (const bucket of buckets) {
    const key = labelKey(without(bucket.labels, 'le'));
    histograms.set(key, [...(histograms.get(key) ?? []), bucket]);
  }
  const bound = ({ labels }: Result) =>
    labels.le === '+Inf' ? Number.POSITIVE_INFINITY : Number(labels.le ?? Number.NaN);
  const results = [...histograms.values()].map((list): Result => {
    const sorted = list.sort((a, b) => bound(a) - bound(b));
    const total = sorted.at(-1)!.value;
    const labels = without(sorted[0]!.labels, 'le');
    const i = sorted.findIndex(({ value }) => value >= q * total);
    const found = sorted[i];
    if (total === 0 || !found || sorted.length < 2) return { labels, value: Number.NaN, perTime: 0 };
    const low = i > 0 ? sorted[i - 1]! : undefined;
    if (bound(found) === Number.POSITIVE_INFINITY) return { labels, value: bound(low!), perTime: 0 };
    const from = low ? bound(low) : 0;
    const below = low?.value ?? 0;
    const value = from + ((bound(found) - from) * (q * total - below)) / (found.value - below);
    return { labels, value, perTime: 0 };
  });
  return { results };
}
