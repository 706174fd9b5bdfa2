import { ChaosError } from '../core/errors.ts';
import { Unreachable } from '../observe/http.ts';
import { Prometheus } from '../observe/prometheus.ts';
import { survey } from '../observe/survey.ts';
import type { World } from '../plan/world.ts';
import { parsePrometheusConfig } from '../rules/prometheus-config.ts';
import { scaleDurations } from '../rules/promql.ts';
import type { AlertRule, Cadence, RecordingRule } from '../rules/rule.ts';
import { metricNames } from '../rules/selectors.ts';

interface Rules {
  alerts: AlertRule[];
  recordings: RecordingRule[];
}

/** What a live Prometheus tells a plan, in lab time. */
export interface LivePlan {
  rules: Rules;
  cadence: Cadence;
  world: World;
}

/**
 * Reads rules, cadence, jobs and series from a live Prometheus.
 * @param files rules that are asked about instead of its own
 * @throws ChaosError `not-ready` where it does not answer as it should
 */
export async function readLivePlan(url: string, files: Rules | undefined): Promise<LivePlan> {
  const prometheus = new Prometheus(url);
  try {
    const [own, text, settings] = await Promise.all([
      prometheus.rules(),
      prometheus.configuration(),
      prometheus.settings(),
    ]);
    const asked = files ?? own;
    const metrics = [...asked.alerts, ...asked.recordings].flatMap(({ expr }) => metricNames(expr));
    const live = await survey(prometheus, asked.alerts, [...new Set(metrics)]);
    const { config } = parsePrometheusConfig(text, `the configuration of ${url}`);
    const { scrapeMs, scrapeTimeoutMs, evaluationMs, speed } = settings;
    return {
      rules: files ?? inLabTime(own, speed),
      cadence: {
        scrapeMs: scrapeMs * speed,
        scrapeTimeoutMs: scrapeTimeoutMs * speed,
        evaluationMs: evaluationMs * speed,
      },
      world: { live, ...(config ? { scrape: config } : {}) },
    };
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    throw new ChaosError('not-ready', `No Prometheus answers as it should at ${url}.`, {
      hint: 'chaos status shows where the lab answers; or give --rules DIR',
      cause: error,
    });
  }
}

/** A lab that runs faster than written has every duration of its rules divided; this takes that back. */
function inLabTime({ alerts, recordings }: Rules, speed: number): Rules {
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
