import type { Labels } from '../core/labels.ts';
import type { AlertRule } from '../rules/rule.ts';
import { orNull } from './http.ts';
import type { Prometheus } from './prometheus.ts';

/** What a live Prometheus says of the metrics and the conditions of rules. */
export interface LiveSeries {
  url: string;
  /** The name of every metric it has stored. */
  metrics: ReadonlySet<string>;
  /** The label sets of those that were asked about. */
  series: ReadonlyMap<string, Labels[]>;
  /** Alerts whose expression has a result now, with one of its values. */
  holding: ReadonlyMap<string, { value: number; labels: Labels }>;
}

/**
 * Asks a live Prometheus what there is of some metrics, and which alerts' expressions hold at this moment. It only reads.
 * @throws Unreachable where it does not answer
 */
export async function survey(
  prometheus: Prometheus,
  alerts: readonly AlertRule[],
  asked: readonly string[],
): Promise<LiveSeries> {
  const metrics = new Set(await prometheus.metricNames());
  const there = asked.filter((metric) => metrics.has(metric));
  const series = await Promise.all(
    there.map(async (metric) => [metric, await prometheus.series(metric)] as const),
  );
  const holding = await Promise.all(
    alerts.map(async ({ name, expr }) => {
      // A rule from a file may be one that this Prometheus cannot evaluate: then nothing is known of it.
      const [first] = (await orNull(prometheus.instant(expr))) ?? [];
      if (!first) return [];
      const { __name__, ...labels } = first.metric;
      return [[name, { value: Number(first.value[1]), labels }] as const];
    }),
  );
  return { url: prometheus.url, metrics, series: new Map(series), holding: new Map(holding.flat()) };
}
