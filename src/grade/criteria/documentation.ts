import { expanded } from '../../plan/findings/reading.ts';
import { outputLabels } from '../../plan/output-labels.ts';
import { type Expression, partsOf, readExpression } from '../../rules/expression.ts';
import type { AlertRule } from '../../rules/rule.ts';
import { placeOfRule } from '../alerts.ts';
import { type Criterion, check, type Judged, lost, type Place, won } from '../check.ts';
import { drawn } from '../panels.ts';
import type { Submission } from '../submission.ts';
import { ofAlerts } from './rules.ts';

/** Does whoever is woken at night learn what is wrong, and what to do? */
export const documentation: Criterion = {
  id: 'documentation',
  checks: [
    check('documentation.summaries', (submission) =>
      ofAlerts(submission, (alert) => has(alert, 'summary', 'no-summary')),
    ),
    check('documentation.descriptions', (submission) =>
      ofAlerts(submission, (alert) => has(alert, 'description', 'no-description')),
    ),
    check('documentation.severities', (submission) => ofAlerts(submission, severity)),
    check('documentation.truth', (submission) => ofAlerts(submission, (alert) => truth(alert, submission))),
    check('documentation.documents', documents),
    check('documentation.panels', described),
  ],
};

function has(alert: AlertRule, key: string, id: 'no-summary' | 'no-description'): Judged {
  const at = placeOfRule(alert);
  return alert.annotations[key]?.trim() ? won(alert.name, at) : lost(id, { alert: alert.name }, at);
}

function severity(alert: AlertRule): Judged {
  const at = placeOfRule(alert);
  return alert.labels.severity?.trim()
    ? won(`${alert.name}: ${alert.labels.severity}`, at)
    : lost('no-severity', { alert: alert.name }, at);
}

/** Whether what the texts of an alert say is so, as far as they can be read without Prometheus. */
function truth(alert: AlertRule, { files, rules }: Submission): Judged {
  const condition = expanded(readExpression(alert.expr), rules.recordings);
  const labels = outputLabels(condition);
  for (const [key, text] of Object.entries(alert.annotations)) {
    const at = placeOfAnnotation(alert, key, files);
    if (isRatio(condition) && PERCENT.test(text)) return lost('ratio-as-percent', { alert: alert.name }, at);
    for (const [, label] of text.matchAll(/\$labels\.(\w+)/g)) {
      if (labels && !labels.has(label!) && !(label! in alert.labels))
        return lost('lost-label', { alert: alert.name, label: label! }, at);
    }
  }
  return won(alert.name, placeOfRule(alert));
}

/** `{{ $value | printf "%.1f" }}%`, with nothing that makes a percentage of it. */
const PERCENT = /\{\{(?![^}]*(humanizePercentage|mul|\* *100))[^}]*\$value[^}]*\}\}\s*%/;

/** A quotient that is compared with a number of at most 1, and so one that nothing has made a percentage of. */
function isRatio(condition: Expression): boolean {
  if (condition.kind !== 'binary') return false;
  const { op, left, right } = condition;
  if (op === 'and') return isRatio(left);
  return (
    /^[<>]=?$/.test(op) && right.kind === 'number' && right.value > 0 && right.value <= 1 && divides(left)
  );
}

/** A quantile is a time, whatever it is made of. */
function divides(expression: Expression): boolean {
  if (expression.kind === 'call' && expression.name === 'histogram_quantile') return false;
  return (expression.kind === 'binary' && expression.op === '/') || partsOf(expression).some(divides);
}

function placeOfAnnotation(alert: AlertRule, key: string, files: Submission['files']): Place {
  const at = placeOfRule(alert);
  const text = files.find(({ path }) => path === at.file)?.text ?? '';
  const below = text.split('\n').slice(at.line - 1);
  const end = below.findIndex((line, i) => i > 0 && /^\s*-\s*(alert|record)\s*:/.test(line));
  const found = below
    .slice(0, end < 0 ? undefined : end)
    .findIndex((line) => line.trimStart().startsWith(`${key}:`));
  return { file: at.file, line: at.line + Math.max(0, found) };
}

function documents({ files, slo }: Submission): Judged[] {
  const others = files.filter(
    ({ role, path, text }) => role === 'markdown' && path !== slo?.path && text.length > 200,
  );
  const [first] = others;
  return first ? [won(first.path)] : [lost('no-documents', {}, { file: 'README.md', line: 1 })];
}

function described(submission: Submission): Judged[] {
  const found = drawn(submission);
  const file = found?.dashboard.file ?? 'grafana/dashboards/techshop.json';
  const panels = [...(found?.panels.values() ?? [])];
  if (panels.length === 0) return [lost('no-dashboard', {}, { file, line: 1 })];
  return panels.map(({ title, description, line }) =>
    description.trim()
      ? won(title, { file, line })
      : lost('no-panel-description', { panel: title }, { file, line }),
  );
}
