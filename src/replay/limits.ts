import { humanDuration } from '../core/duration.ts';
import { ChaosError } from '../core/errors.ts';
import { deepLookback } from '../rules/lookback.ts';
import { metricNames } from '../rules/selectors.ts';
import type { Evidence } from '../run/record.ts';
import type { RawSamples } from '../run/samples.ts';

/**
 * What must be said of a verdict under other rules, as sentences.
 * @param version of the Prometheus that evaluated them
 * @throws ChaosError `inconclusive` where a rule reads what was not recorded: no data is never a miss
 */
export function limitsOf(
  evidence: Evidence,
  samples: RawSamples,
  rules: Evidence['rules'],
  version: string,
): string[] {
  const recorded = rules.recordings.map(({ record }) => record);
  for (const rule of [...rules.alerts, ...rules.recordings]) {
    const missing = metricNames(rule.expr).filter(
      (name) => !samples.asked.includes(name) && !recorded.includes(name),
    );
    if (missing.length === 0) continue;
    const name = 'name' in rule ? rule.name : rule.record;
    throw new ChaosError(
      'inconclusive',
      `${name} reads ${missing.join(', ')}, which the run did not record: nobody knows what it would have done.`,
      { hint: 'a run records what the rules read that were loaded: load these, and run the scenario again' },
    );
  }
  const limits = [
    'What Alertmanager would have done is not known: an alert that fires in Prometheus is taken as received.',
  ];
  const { prometheus } = evidence.versions;
  if (version !== prometheus)
    limits.push(`Prometheus ${version} evaluated the rules; in the run it was ${prometheus}.`);
  const reach = Date.parse(evidence.startedAt) - samples.fromMs;
  for (const { name, expr, forMs, labels } of rules.alerts) {
    const back = deepLookback(expr, rules.recordings) + forMs;
    if (back > reach)
      limits.push(
        `${name} looks back ${humanDuration(back)}, its for: included, and the samples begin ${humanDuration(reach)} before the run.`,
      );
    if (Object.values(labels).some((value) => value.includes('{{')))
      limits.push(`The labels of ${name} hold templates, which are left as they are written.`);
  }
  return limits;
}
