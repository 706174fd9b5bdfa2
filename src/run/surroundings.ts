import { createHash } from 'node:crypto';
import { parseDuration } from '../core/duration.ts';
import type { Silence } from '../observe/alertmanager.ts';
import { orNull } from '../observe/http.ts';
import type { Witnesses } from '../observe/observer.ts';
import type { Phases } from '../plan/phases.ts';
import { parseAlertmanagerConfig, type Route } from '../rules/alertmanager-config.ts';

/** What the servers said of themselves at one moment; null for what could not be asked. */
export interface Surroundings {
  /** SHA-256 over every loaded rule, as Prometheus runs it. */
  rulesHash: string | null;
  /** When Prometheus scrapes and evaluates, which narrows the windows. */
  phases: Phases | null;
  /** Those in force or pending. */
  silences: Silence[] | null;
  /** Where Alertmanager sends what, and the receivers with an integration. */
  routing: { route: Route; reaching: string[] } | null;
  /** How much the servers' clocks are certainly off ours, in milliseconds: 0 where they may be right. */
  skewMs: { prometheus: number | null; alertmanager: number | null };
}

/** Reads all of it; nobody's silence is an exception. */
export async function readSurroundings({ prometheus, alertmanager }: Witnesses): Promise<Surroundings> {
  const [rules, phases, silences, configuration, first, second] = await Promise.all([
    orNull(prometheus.rules()),
    orNull(readPhases(prometheus)),
    orNull(alertmanager.silences()),
    orNull(alertmanager.configuration()),
    orNull(prometheus.skew()),
    orNull(alertmanager.skew()),
  ]);
  return {
    rulesHash: rules && createHash('sha256').update(JSON.stringify(rules)).digest('hex'),
    phases,
    silences,
    routing: configuration === null ? null : routingOf(configuration),
    skewMs: { prometheus: first, alertmanager: second },
  };
}

async function readPhases(prometheus: Witnesses['prometheus']): Promise<Phases> {
  const [targets, groups] = await Promise.all([prometheus.targets(), prometheus.groups()]);
  return {
    targets: targets.flatMap(({ labels, lastScrape, scrapeInterval }) => {
      const at = Date.parse(lastScrape);
      const everyMs = parseDuration(scrapeInterval ?? '');
      const { job = '', instance = '' } = labels;
      // Prometheus says the year 1 for never.
      return at > 0 && everyMs ? [{ job, instance, at, everyMs }] : [];
    }),
    groups: groups.flatMap(({ name, file, evaluatedAt: at, intervalMs: everyMs }) =>
      at > 0 && everyMs > 0 ? [{ name, file, at, everyMs }] : [],
    ),
  };
}

/** Null for a configuration that we cannot read, though Alertmanager can. */
function routingOf(configuration: string): Surroundings['routing'] {
  const { config, problems } = parseAlertmanagerConfig(configuration, 'alertmanager.yml');
  return config && problems.length === 0 ? { route: config.route, reaching: [...config.reaching] } : null;
}
