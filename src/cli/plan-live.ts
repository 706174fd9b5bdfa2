import { ChaosError } from '../core/errors.ts';
import { Unreachable } from '../observe/http.ts';
import { Prometheus } from '../observe/prometheus.ts';
import { survey } from '../observe/survey.ts';
import type { World } from '../plan/world.ts';
import { cadenceInLabTime, type Rules, rulesInLabTime } from '../rules/lab-time.ts';
import { parsePrometheusConfig } from '../rules/prometheus-config.ts';
import type { Cadence } from '../rules/rule.ts';
import { metricNames } from '../rules/selectors.ts';

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
    const { speed } = settings;
    return {
      rules: files ?? rulesInLabTime(own, speed),
      cadence: cadenceInLabTime(settings, speed),
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
