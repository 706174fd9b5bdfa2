import { alertName } from '../../core/labels.ts';
import type { RunRecord } from '../record.ts';
import { type Html, html } from './markup.ts';
import { lasted, list, table } from './sections.ts';
import { labTime, type Span } from './span.ts';

/** More than this is in the record, and no page is read that far. */
const MOST_ROWS = 200;

/** What was done and seen, as far as it is worth reading: the rest is in the record. */
export function evidence(record: RunRecord, span: Span): Html {
  const { faults, observations, restarted, surroundings, rules, replayed } = record;
  const time = (at: string) => labTime(span, Date.parse(at));
  const changes = observations.transitions.slice(0, MOST_ROWS);
  const notified = observations.notifications.slice(0, MOST_ROWS);
  const same = surroundings.before.rulesHash === surroundings.after.rulesHash;
  return html`<section><h2>Evidence</h2>
    ${
      faults.length === 0
        ? html`<p>Nothing was broken.</p>`
        : table(
            'Faults',
            ['fault', 'type', 'target', 'in effect for', 'afterwards'],
            faults.map(
              ({ id, type, target, effectiveAt, undoneAt, restored }) =>
                html`<tr><th scope="row">${id}</th><td>${type}</td><td>${target}</td><td class="number">${lasted(effectiveAt, undoneAt, record.speed)}</td><td><span class="outcome ${restored ? 'on-time' : 'missed'}">${restored ? 'as before' : 'not restored'}</span></td></tr>`,
            ),
          )
    }
    <ul>
      <li>${rules.alerts.length} alerting and ${rules.recordings.length} recording rules were loaded; ${surroundings.after.rulesHash === null ? 'whether they changed is not known' : same ? 'they were the same at the end' : html`<b>they were others at the end</b>`}.</li>
      <li>${observations.gaps.length === 0 ? 'Prometheus, Alertmanager and the inbox answered all the time.' : html`Without an answer: ${observations.gaps.map(({ witness, from, to, reason }, i) => html`${i > 0 ? '; ' : ''}${witness} from ${time(from)} to ${time(to)} (${reason})`)}.`}</li>
      ${restarted.length > 0 ? html`<li><b>Started anew during the run: ${restarted.join(', ')}.</b></li>` : ''}
      ${replayed ? html`<li>Evaluated again under the rules of ${replayed.rules} by Prometheus ${replayed.prometheus}. ${replayed.limits.join(' ')}</li>` : ''}
    </ul>
    <details><summary>${observations.transitions.length} changes of alerts, as they were seen</summary>
      ${table(
        'Changes of alerts',
        ['when', 'seen in', 'alert', 'state'],
        changes.map(
          ({ at, witness, alert, labels, state }) =>
            html`<tr><td class="number">${time(at)}</td><td>${witness}</td><th scope="row">${alertName(alert, labels)}</th><td>${state}</td></tr>`,
        ),
      )}</details>
    <details><summary>${observations.notifications.length} notifications in the inbox</summary>
      ${list(
        'In the order in which they came',
        notified.map(
          ({ receivedAt, status, labels: { alertname = '', ...labels } }) =>
            html`${time(receivedAt)} ${status} <b>${alertName(alertname, labels)}</b>`,
        ),
      )}</details>
  </section>`;
}
