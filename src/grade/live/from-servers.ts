import { stringify } from 'yaml';
import { formatDuration } from '../../core/duration.ts';
import type { Alertmanager } from '../../observe/alertmanager.ts';
import { orNull } from '../../observe/http.ts';
import type { Prometheus } from '../../observe/prometheus.ts';
import type { AlertRule, RecordingRule } from '../../rules/rule.ts';
import type { Folder, FoundFile } from '../find.ts';

/**
 * What a stack's own servers say of its files, where nobody handed them in: the configuration of Prometheus and of
 * Alertmanager, and the rules. Compose, dashboards and documents no server can tell.
 */
export async function filesOf(prometheus: Prometheus, alertmanager: Alertmanager): Promise<Folder> {
  const [scrape, rules, routes] = await Promise.all([
    orNull(prometheus.configuration()),
    orNull(prometheus.rules()),
    orNull(alertmanager.configuration()),
  ]);
  const files: FoundFile[] = [
    ...(scrape === null
      ? []
      : [{ role: 'prometheus', path: 'prometheus/prometheus.yml', text: scrape } as const]),
    ...(routes === null
      ? []
      : [{ role: 'alertmanager', path: 'alertmanager/alertmanager.yml', text: routes } as const]),
    ...(rules === null ? [] : ruleFiles([...rules.recordings, ...rules.alerts])),
  ];
  return { files, paths: new Set(files.map(({ path }) => path)), problems: [] };
}

/** Written anew, so lines are ours and not the learner's. */
function ruleFiles(rules: readonly (AlertRule | RecordingRule)[]): FoundFile[] {
  const names = [...new Set(rules.map(({ file = '' }) => file))].sort();
  return names.map((name) => {
    const inFile = rules.filter(({ file = '' }) => file === name);
    const groups = [...new Set(inFile.map(({ group }) => group))].map((group) => ({
      name: group,
      rules: inFile.filter((one) => one.group === group).map(written),
    }));
    const path = `prometheus/rules/${name.slice(name.lastIndexOf('/') + 1)}`;
    return { role: 'rules', path, text: stringify({ groups }) };
  });
}

function written(rule: AlertRule | RecordingRule): Record<string, unknown> {
  const { expr, labels } = rule;
  if ('record' in rule) return { record: rule.record, expr, labels };
  const { name, forMs, keepFiringForMs, annotations } = rule;
  return {
    alert: name,
    expr,
    ...(forMs > 0 ? { for: formatDuration(forMs) } : {}),
    ...(keepFiringForMs > 0 ? { keep_firing_for: formatDuration(keepFiringForMs) } : {}),
    labels,
    annotations,
  };
}
