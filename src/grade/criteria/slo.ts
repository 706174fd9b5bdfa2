import { expanded } from '../../plan/findings/reading.ts';
import { ownerOf } from '../../plan/owners.ts';
import { callsIn, type Expression, partsOf, readExpression } from '../../rules/expression.ts';
import type { AlertRule, RecordingRule } from '../../rules/rule.ts';
import { certaintyOf, metricsReadBy, placeOfRule } from '../alerts.ts';
import { type Criterion, check, type Judged, lost, type Place, won } from '../check.ts';
import { readQuery } from '../panels.ts';
import type { Submission } from '../submission.ts';
import { objectives, reasons } from './slo-document.ts';

/** Are the objectives written down with reasons, measured, and watched? */
export const slo: Criterion = {
  id: 'slo',
  checks: [
    check('slo.document', objectives),
    check('slo.reasons', reasons),
    check('slo.slis', slis),
    check('slo.alerts', sloAlerts),
    check('slo.outage', outage),
    check('slo.budget', budget),
  ],
};

const NO_SLO_RULES: Place = { file: 'prometheus/rules/slo.yml', line: 1 };

/** How each SLI is known in a rule, and what watches its objective. */
const SLIS = [
  {
    objective: 'availability',
    objectif: 'disponibilité',
    metric: /^(http_requests_total|probe_success)$/,
    named: /avail/i,
    expr: 'sli:availability:ratio_rate5m < 0.995',
    missed: (op: string, value: number) => /</.test(op) && (near(value, 0.995) || near(value, 99.5)),
  },
  {
    objective: 'latency',
    objectif: 'latence',
    metric: /^http_request_duration_seconds_bucket$/,
    named: /laten|duration/i,
    expr: 'sli:latency:ratio_rate5m < 0.95',
    missed: (op: string, value: number) =>
      /</.test(op)
        ? near(value, 0.95) || near(value, 95)
        : />/.test(op) && (near(value, 0.3) || near(value, 0.05)),
  },
  {
    objective: 'error rate',
    objectif: 'taux d’erreur',
    metric: /^http_requests_total$/,
    named: /err/i,
    expr: 'sli:errors:ratio_rate5m > 0.01',
    missed: (op: string, value: number) => />/.test(op) && (near(value, 0.01) || near(value, 1)),
  },
] as const;

type Sli = (typeof SLIS)[number];

function near(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-9;
}

function measures({ metric, named }: Sli, rule: AlertRule | RecordingRule, submission: Submission): boolean {
  const name = 'record' in rule ? rule.record : `${rule.name} ${rule.labels.slo ?? ''} ${rule.expr}`;
  return named.test(name) && metricsReadBy(rule, submission).some((one) => metric.test(one));
}

/** Availability and latency are recorded, as the dashboard and several alerts read them; errors need not be. */
function slis(submission: Submission): Judged[] {
  return SLIS.filter(({ objective }) => objective !== 'error rate').map((sli) => {
    const found = recordingOf(sli, submission);
    const expr = sli.expr.replace(/ .*/, '');
    return found ? won(found.record, placeOfRule(found)) : lost('no-sli', { ...sli, expr }, NO_SLO_RULES);
  });
}

function recordingOf(sli: Sli, submission: Submission): RecordingRule | undefined {
  return submission.rules.recordings.find((rule) => measures(sli, rule, submission));
}

/** The recording rule and the alert of an objective, where there are such. */
export function watchOf(objective: Sli['objective'], submission: Submission) {
  const sli = SLIS.find((one) => one.objective === objective)!;
  return { sli, recording: recordingOf(sli, submission), alert: alertOf(sli, submission) };
}

function sloAlerts(submission: Submission): Judged[] {
  return SLIS.map((sli) => {
    const found = alertOf(sli, submission);
    return found ? won(found.name, placeOfRule(found)) : lost('no-slo-alert', sli, NO_SLO_RULES);
  });
}

function alertOf(sli: Sli, submission: Submission): AlertRule | undefined {
  return submission.rules.alerts.find(
    (alert) =>
      measures(sli, alert, submission) &&
      certaintyOf(alert, submission) === undefined &&
      comparisons(readExpression(alert.expr)).some(({ op, value }) => sli.missed(op, value)),
  );
}

/** Every comparison with a number, however that is written: `> 1 - 0.995`. */
function comparisons(expression: Expression): { op: string; value: number }[] {
  if (expression.kind !== 'binary') return partsOf(expression).flatMap(comparisons);
  const { op, left, right } = expression;
  const value = constant(right);
  const own = /^[<>]=?$/.test(op) && value !== undefined ? [{ op, value }] : [];
  return [...own, ...comparisons(left), ...comparisons(right)];
}

function constant(expression: Expression): number | undefined {
  if (expression.kind === 'number') return expression.value;
  if (expression.kind !== 'binary') return undefined;
  const [a, b] = [constant(expression.left), constant(expression.right)];
  if (a === undefined || b === undefined) return undefined;
  const sums: Record<string, number> = { '+': a + b, '-': a - b, '*': a * b, '/': a / b };
  return sums[expression.op];
}

/** Whether each availability SLI has a value while the API answers nothing at all. */
function outage(submission: Submission): Judged[] {
  const [availability] = SLIS;
  const recorded = submission.rules.recordings.filter((one) => measures(availability, one, submission));
  const slis = recorded.length > 0 ? recorded : (alertOf(availability, submission) ?? []);
  const judged = [slis].flat().map((rule) => inOutage(rule, submission));
  const expr = availability.expr.replace(/ .*/, '');
  return judged.length > 0 ? judged : [lost('no-sli', { ...availability, expr }, NO_SLO_RULES)];
}

function inOutage(rule: AlertRule | RecordingRule, submission: Submission): Judged {
  const name = 'record' in rule ? rule.record : rule.name;
  const calls = callsIn(expanded(readExpression(rule.expr), submission.rules.recordings));
  const speaks = calls.some((one) => /^(absent|absent_over_time|vector)$/.test(one));
  const outside = metricsReadBy(rule, submission).some((one) => ownerOf(one) !== 'app');
  return speaks || outside
    ? won(name, placeOfRule(rule))
    : lost('empty-in-outage', { rule: name }, placeOfRule(rule));
}

/** A panel that sets what is lost against what may be lost: 1 - 0.995, or 0.005. */
function budget(submission: Submission): Judged[] {
  const { dashboards, rules } = submission;
  for (const { file, panels } of dashboards) {
    for (const { title, exprs, line } of panels) {
      const set = exprs.some((expr) => isBudget(expanded(readQuery(expr), rules.recordings)));
      if (set) return [won(title, { file, line })];
    }
  }
  return [lost('no-budget', {}, { file: dashboards[0]?.file ?? 'grafana/dashboards/slo.json', line: 1 })];
}

function isBudget(expression: Expression): boolean {
  if (expression.kind === 'binary' && expression.op === '/') {
    const sides = [constant(expression.left), constant(expression.right)];
    if (sides.some((one) => one !== undefined && near(one, 0.005))) return true;
  }
  return partsOf(expression).some(isBudget);
}
