import { scaleDurations } from './promql.ts';
import type { AlertRule, Cadence, RecordingRule } from './rule.ts';

export interface Rules {
  alerts: AlertRule[];
  recordings: RecordingRule[];
}

/** A lab that runs faster than written has every duration of its rules divided; this takes that back. */
export function rulesInLabTime({ alerts, recordings }: Rules, speed: number): Rules {
  if (speed === 1) return { alerts, recordings };
  const longer = (expr: string) => scaleDurations(expr, 1 / speed);
  return {
    alerts: alerts.map((rule) => ({
      ...rule,
      expr: longer(rule.expr),
      forMs: rule.forMs * speed,
      keepFiringForMs: rule.keepFiringForMs * speed,
      intervalMs: rule.intervalMs && rule.intervalMs * speed,
    })),
    recordings: recordings.map((rule) => ({ ...rule, expr: longer(rule.expr) })),
  };
}

/** The same for the intervals of its Prometheus. */
export function cadenceInLabTime(
  { scrapeMs, scrapeTimeoutMs, evaluationMs }: Cadence,
  speed: number,
): Cadence {
  return {
    scrapeMs: scrapeMs * speed,
    scrapeTimeoutMs: scrapeTimeoutMs * speed,
    evaluationMs: evaluationMs * speed,
  };
}
