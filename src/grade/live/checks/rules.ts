import { alertName } from '../../../core/labels.ts';
import { reads } from '../../../plan/findings/reading.ts';
import { sameExpression } from '../../../rules/expression.ts';
import { rulesInLabTime } from '../../../rules/lab-time.ts';
import type { AlertRule } from '../../../rules/rule.ts';
import { placeOfRule } from '../../alerts.ts';
import { type Judged, lost, type Place, won } from '../../check.ts';
import { ofAlerts } from '../../criteria/rules.ts';
import type { Submission } from '../../submission.ts';
import { type LiveCheck, liveCheck, scrapePlace, wholeLiveCheck, withPrometheus } from '../check.ts';
import { missingFor } from '../missing.ts';
import { heldAgainst } from '../resting.ts';
import type { SeenPrometheus, Sighting } from '../sighting.ts';
import { raised } from './raised.ts';

/** Do the alerts fire when they should, and only then, and does anybody hear of it? */
export const rulesLive: readonly LiveCheck[] = [
  liveCheck('rules.loaded', loaded),
  liveCheck(
    'rules.answers',
    withPrometheus((prometheus, running) =>
      ofAlerts(running, (alert) => answers(alert, prometheus, running)),
    ),
  ),
  liveCheck(
    'rules.incidents',
    withPrometheus((_, running, sighting) =>
      raised(
        ['InstanceDown', 'probe', 'HighActiveRequests', 'HighLatencyP95', 'postgres', 'redis'],
        running,
        sighting,
      ),
    ),
  ),
  wholeLiveCheck('rules.calm', withPrometheus(calm)),
  liveCheck('rules.notified', notified),
];

/** Whether what was handed in is what runs, in the time that it is written in. */
function loaded(submission: Submission, sighting: Sighting): Judged[] {
  const { prometheus, speed } = sighting;
  if (typeof prometheus === 'string')
    return [lost('prometheus-silent', { why: prometheus }, scrapePlace(submission))];
  const asWritten = rulesInLabTime(prometheus.rules, speed);
  return ofAlerts(submission, (alert) => {
    const at = placeOfRule(alert);
    const same = asWritten.alerts.filter(({ name }) => name === alert.name);
    if (same.length === 0) return lost('not-loaded', { alert: alert.name }, at);
    // A `for:` that was divided is a whole number of milliseconds.
    const alike = same.some(
      ({ expr, forMs }) => sameExpression(expr, alert.expr) && Math.abs(forMs - alert.forMs) <= speed,
    );
    return alike ? won(alert.name, at) : lost('other-rule', { alert: alert.name }, at);
  });
}

/** Whether all that an alert needs is there. */
function answers(alert: AlertRule, { series, failing }: SeenPrometheus, { rules }: Submission): Judged {
  const at = placeOfRule(alert);
  const failed = failing.find(({ name }) => name === alert.name);
  if (failed) return lost('rule-fails', { alert: alert.name, why: failed.why }, at);
  for (const { selector, needed } of reads(alert, rules.recordings)) {
    const missing = needed ? missingFor(selector, series) : undefined;
    if (missing) return lost('no-series', { alert: alert.name, what: missing.what }, at);
  }
  return won(alert.name, at);
}

function calm(
  { resting, busy }: SeenPrometheus,
  running: Submission,
  { incidents, alertmanager, speed }: Sighting,
): Judged[] {
  const firing = heldAgainst(
    resting.map(({ alert }) => alert),
    running,
    speed,
  );
  const posted = typeof alertmanager === 'string' ? [] : alertmanager.forged;
  const forged = new Map(
    [
      ...posted,
      ...incidents
        .flatMap(({ record }) => record?.forged ?? [])
        .map(({ alert, startsAt }) => ({ alert, since: startsAt ?? '-' })),
    ].map((one) => [one.alert, one] as const),
  );
  const judged = [
    ...firing.map(({ rule, always }) =>
      busy && !always
        ? lost('busy-machine', { alert: rule.name }, placeOfRule(rule))
        : lost('fires-at-rest', { alert: rule.name }, placeOfRule(rule)),
    ),
    ...[...forged.values()].map((one) => lost('forged-alert', one, placeOf(one.alert, running))),
  ];
  return judged.length > 0 ? judged : [won(`alerts at rest: ${firing.length}, forged: ${forged.size}`)];
}

function placeOf(alert: string, running: Submission): Place {
  const rule = running.rules.alerts.find(({ name }) => name === alert);
  return rule ? placeOfRule(rule) : scrapePlace(running);
}

function notified(submission: Submission, { alertmanager, incidents }: Sighting): Judged[] {
  const at = { file: submission.alertmanager?.file ?? 'alertmanager/alertmanager.yml', line: 1 };
  if (typeof alertmanager === 'string') return [lost('alertmanager-silent', { why: alertmanager }, at)];
  const { silences, sent, failed } = alertmanager;
  const fired = incidents.some(({ record }) => record?.expectations.some(({ firedAt }) => firedAt !== null));
  const arrived = sent - failed > 0 && fired;
  return [
    arrived ? won(`notifications: ${sent}, failed: ${failed}`) : lost('not-notified', { sent, failed }, at),
    ...silences.map(({ matchers, createdBy }) => {
      const labels = Object.fromEntries(matchers.map(({ name, value }) => [name, value]));
      const { alertname = '', ...rest } = labels;
      return lost('silenced', { what: alertName(alertname, rest), who: createdBy }, at);
    }),
  ];
}
