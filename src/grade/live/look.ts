import { selectorsOf } from '../../rules/expression.ts';
import { metricsReadBy } from '../alerts.ts';
import { watchOf } from '../criteria/slo.ts';
import { drawn, promqlOf, readQuery } from '../panels.ts';
import { APP_METRICS } from '../seed.ts';
import type { Submission } from '../submission.ts';

/** What must be 1 while nothing is broken, and who says it. */
export const SIGNS = [
  { sign: 'pg_up', of: 'PostgreSQL' },
  { sign: 'redis_up', of: 'Redis' },
  { sign: 'nginx_up', of: 'nginx' },
  { sign: 'probe_success', of: 'blackbox-exporter' },
] as const;

/** The samples of a metric of the application that are there now. */
export function samplesOf({ metric, type }: (typeof APP_METRICS)[number]): string {
  return type === 'histogram' ? `${metric}_bucket` : metric;
}

/** How much of the machine's processors was used in a stretch of time, 0 to 1. */
export function useOver(windowMs: number): string {
  return `1 - avg(rate(node_cpu_seconds_total{mode="idle"}[${Math.ceil(windowMs)}ms]))`;
}

/** From this use on, requests wait for a processor. */
export const BUSY = 0.9;

/** A panel's query as it can be asked outside Grafana: any window will do, and a variable stands for everything. */
export function queryOutside(expr: string): string {
  return promqlOf(expr).replace(/(=~|=)\s*"(\$\w+|\$\{\w+(:\w+)?\}|\[\[\w+\]\])"/g, '=~".*"');
}

/** Every expression that is to be asked of the stack's Prometheus, for what checks look at. */
export function questions(submission: Submission): string[] {
  const panels = [...(drawn(submission)?.panels.values() ?? [])];
  const slis = (['availability', 'latency'] as const).flatMap(
    (objective) => watchOf(objective, submission).recording?.record ?? [],
  );
  return [
    ...new Set([
      ...APP_METRICS.map((one) => `count(${samplesOf(one)})`),
      'count(node_cpu_seconds_total)',
      ...SIGNS.map(({ sign }) => `min(${sign})`),
      ...slis,
      ...panels.flatMap(({ exprs }) => exprs.map(queryOutside)),
    ]),
  ];
}

/** Metrics whose label sets are to be asked for: what alerts and panels read. */
export function metricsAsked(submission: Submission): string[] {
  const panels = [...(drawn(submission)?.panels.values() ?? [])];
  return [
    ...new Set([
      ...submission.rules.alerts.flatMap((alert) => metricsReadBy(alert, submission)),
      ...panels.flatMap(({ exprs }) =>
        exprs.flatMap((expr) =>
          selectorsOf(readQuery(queryOutside(expr))).flatMap(({ metric }) => metric ?? []),
        ),
      ),
    ]),
  ];
}
