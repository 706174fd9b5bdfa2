import { formatDuration, parseDuration } from '../../core/duration.ts';
import { evaluate } from '../../plan/evaluate.ts';
import { expanded } from '../../plan/findings/reading.ts';
import { readExpression } from '../../rules/expression.ts';
import { DEFAULT_CADENCE } from '../../rules/prometheus-config.ts';
import type { AlertRule } from '../../rules/rule.ts';
import { certaintyOf, metricsReadBy, neverFires, placeOfRule } from '../alerts.ts';
import { type Criterion, check, type Judged, lost, type Place, wholeCheck, won } from '../check.ts';
import { ALERTS } from '../seed.ts';
import type { Submission } from '../submission.ts';
import { delivery } from './delivery.ts';

/** Would the right alerts fire, and only when something is wrong? */
export const rules: Criterion = {
  id: 'rules',
  checks: [
    check('rules.files', ruleFiles),
    wholeCheck('rules.valid', validity),
    check('rules.alerts', wantedAlerts),
    check('rules.patience', patience),
    check('rules.can-fire', (submission) => ofAlerts(submission, (alert) => canFire(alert, submission))),
    wholeCheck('rules.quiet', quiet),
    check('rules.sight', sight),
    check('rules.delivery', delivery),
  ],
};

/** Where a rule is missing: in the first file of them, or in one that should be there. */
export function noRules({ files }: Submission): Place {
  return {
    file: files.find(({ role }) => role === 'rules')?.path ?? 'prometheus/rules/infrastructure.yml',
    line: 1,
  };
}

const WANTED_FILES = 3;

/** What a check says of each alert; without one it says that there is none. */
export function ofAlerts(submission: Submission, look: (alert: AlertRule) => Judged): Judged[] {
  const { alerts } = submission.rules;
  return alerts.length > 0 ? alerts.map(look) : [lost('no-rules', {}, noRules(submission))];
}

function ruleFiles(submission: Submission): Judged[] {
  const { rules, wiring, scrape } = submission;
  const all = [...rules.alerts, ...rules.recordings].map(({ file }) => file!);
  const files = [...new Set(all)].sort();
  const judged = files.map((file) =>
    wiring && !wiring.ruleFiles.some(({ value }) => takes(value, file))
      ? lost(
          'rules-not-loaded',
          { file },
          { file: scrape?.file ?? 'prometheus.yml', line: wiring.ruleFiles[0]?.line ?? 1 },
        )
      : won(file),
  );
  const missing = lost('few-rule-files', { have: files.length, want: WANTED_FILES }, noRules(submission));
  return [...judged, ...Array.from({ length: Math.max(0, WANTED_FILES - files.length) }, () => missing)];
}

/** By the file's name alone, as where a folder is mounted is another file's business. */
function takes(pattern: string, file: string): boolean {
  const name = (path: string) => path.slice(path.lastIndexOf('/') + 1);
  const parts = name(pattern).split(/([*?])/);
  const regexp = parts
    .map((one) => (one === '*' ? '.*' : one === '?' ? '.' : one.replace(/[^\w]/g, '\\$&')))
    .join('');
  return new RegExp(`^${regexp}$`).test(name(file));
}

function validity(submission: Submission): Judged[] {
  const { rules, problems, files } = submission;
  const paths = files.filter(({ role }) => role === 'rules').map(({ path }) => path);
  if (paths.length === 0) return [lost('no-rules', {}, noRules(submission))];
  const wrong = problems.filter(({ file }) => paths.includes(file));
  const judged = wrong.map((one) => lost('bad-rules', { why: one.message }, one));
  return judged.length > 0
    ? judged
    : [won(`alert: ${rules.alerts.length}, record: ${rules.recordings.length}`)];
}

/** The alert that does what one of the lab's is for: by its name, or else by what it reads itself. */
export function alertFor(
  { alert, metric }: (typeof ALERTS)[number],
  submission: Submission,
): AlertRule | undefined {
  const useful = submission.rules.alerts.filter(
    (one) => metricsReadBy(one, submission).includes(metric) && certaintyOf(one, submission) !== 'always',
  );
  const others = ALERTS.map((one) => one.alert.toLowerCase());
  return (
    useful.find(({ name }) => name.toLowerCase() === alert.toLowerCase()) ??
    useful.find(
      ({ name, labels, expr }) =>
        !others.includes(name.toLowerCase()) && !labels.slo && expr.includes(metric),
    )
  );
}

function wantedAlerts(submission: Submission): Judged[] {
  return ALERTS.map((wanted) => {
    const found = alertFor(wanted, submission);
    if (found) return won(found.name, placeOfRule(found));
    const named = submission.rules.alerts.find(({ name }) => name === wanted.alert);
    return lost('no-alert', wanted, named ? placeOfRule(named) : noRules(submission));
  });
}

function patience(submission: Submission): Judged[] {
  const least = submission.scrape?.cadence.evaluationMs ?? DEFAULT_CADENCE.evaluationMs;
  return ALERTS.map((wanted) => {
    const found = alertFor(wanted, submission);
    if (!found) return lost('no-alert', wanted, noRules(submission));
    const at = { ...placeOfRule(found), ...(found.forAt ? { line: found.forAt.line } : {}) };
    const shortest = Math.min(least, parseDuration(wanted.for)!);
    return found.forMs >= shortest
      ? won(`${found.name} for: ${formatDuration(found.forMs)}`, at)
      : lost('no-for', { alert: found.name, forText: wanted.for }, at);
  });
}

/** One that fires whatever happens cannot be told from one that is broken. */
function canFire(alert: AlertRule, submission: Submission): Judged {
  const at = placeOfRule(alert);
  if (certaintyOf(alert, submission) === 'always') return lost('always-fires', { alert: alert.name }, at);
  return neverFires(alert, submission) ?? won(alert.name, at);
}

function quiet(submission: Submission): Judged[] {
  const { rules, exposition } = submission;
  return ofAlerts(submission, (alert) => {
    const at = placeOfRule(alert);
    if (certaintyOf(alert, submission) === 'always') return lost('always-fires', { alert: alert.name }, at);
    const condition = expanded(readExpression(alert.expr), rules.recordings);
    const value = exposition && evaluate(condition, exposition);
    return value && 'results' in value && value.results.length > 0
      ? lost('already-holds', { alert: alert.name, file: exposition.file }, at)
      : won(alert.name, at);
  });
}

/** What the lab's incidents break, and by which metrics a rule could see it. */
const SIGHTS = [
  {
    what: 'PostgreSQL',
    metric: /^pg_/,
    expr: 'pg_up == 0',
    why: 'its exporter answers while the database does not',
    pourquoi: 'son exporter répond même quand la base ne répond plus',
  },
  {
    what: 'Redis',
    metric: /^redis_/,
    expr: 'redis_up == 0',
    why: 'its exporter answers while the cache does not',
    pourquoi: 'son exporter répond même quand le cache ne répond plus',
  },
  {
    what: 'probe_success',
    metric: /^probe_success$/,
    expr: 'probe_success == 0',
    why: 'a failed probe leaves up at 1, and what nginx answers for an API that is gone no other metric counts',
    pourquoi:
      'une sonde en échec laisse up à 1, et ce que nginx répond pour une API disparue n’est compté nulle part ailleurs',
  },
];

/** Alerts that read metrics of a kind, and whose condition may or may not hold. */
export function alertsReading(metric: RegExp, submission: Submission): AlertRule[] {
  return submission.rules.alerts.filter(
    (one) =>
      certaintyOf(one, submission) === undefined &&
      metricsReadBy(one, submission).some((read) => metric.test(read)),
  );
}

function sight(submission: Submission): Judged[] {
  return SIGHTS.map((wanted) => {
    const [found] = alertsReading(wanted.metric, submission);
    return found
      ? won(`${wanted.what}: ${found.name}`, placeOfRule(found))
      : lost('nobody-looks', wanted, noRules(submission));
  });
}
