import { humanDuration } from '../../core/duration.ts';
import { alertName } from '../../core/labels.ts';
import { SETTINGS } from '../../verdict/delays.ts';
import type { JudgedExpectation } from '../../verdict/verdict.ts';
import type { RunRecord } from '../record.ts';
import { type Html, html } from './markup.ts';
import { labLength, labTime, type Span } from './span.ts';

/** A table that scrolls by itself where the page is too narrow for it. */
export function table(label: string, head: readonly (string | Html)[], rows: readonly Html[]): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="${label}"><table>
    <thead><tr>${head.map((one) => html`<th scope="col">${one}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}

/** Each expected alert: when it had to fire and did, how its deadline adds up, and what nobody asked for. */
export function expectations(record: RunRecord, span: Span): Html {
  const { expectations: expected, unexpected, forged, newSilences } = record;
  const time = (at: string | null) =>
    at === null ? html`<span class="dim">never seen</span>` : labTime(span, Date.parse(at));
  const rows = expected.map(
    (
      one,
    ) => html`<tr><th scope="row">${alertName(one.alert, one.labels)}${one.reasons.map((reason) => html`<p class="reason">${reason}</p>`)}${terms(one, span)}</th>
      <td><span class="outcome ${one.outcome}">${one.outcome}</span></td>
      <td>${one.because}</td>
      <td class="number">${one.earliest === null ? '' : html`${time(one.earliest)} to ${time(one.deadline)}`}</td>
      <td class="number">${time(one.firedAt)}</td>
      <td class="number">${time(one.notifiedAt)}</td>
      <td class="number">${time(one.resolvedAt)}</td></tr>`,
  );
  const head = ['alert', 'outcome', 'because of', 'must fire', 'fired', 'notified', 'resolved'];
  return html`${expected.length === 0 ? html`<p>No alert was expected: in this run nothing might fire.</p>` : table('Expected against seen', head, rows)}
    ${list(
      'Fired, and nobody asked for it',
      unexpected.map((one) => html`<b>${alertName(one.alert, one.labels)}</b> at ${time(one.firedAt)}`),
    )}
    ${list(
      'Forged: in Alertmanager, and no rule was firing it',
      forged.map((one) => html`<b>${alertName(one.alert, one.labels)}</b> at ${time(one.seenAt)}`),
    )}
    ${list(
      'Silences made during the run',
      newSilences.map(
        ({ createdBy, matchers, id }) =>
          html`by <b>${createdBy}</b> on ${matchers.map(({ name, value }) => `${name}=${value}`).join(', ')} (${id})`,
      ),
    )}`;
}

/** A verdict in its colour. */
export function badge(verdict: RunRecord['verdict']): Html {
  const tone = { pass: 'on-time', fail: 'missed', inconclusive: '' }[verdict];
  return html`<span class="outcome ${tone}">${verdict}</span>`;
}

export function list(title: string, items: readonly Html[]): Html {
  return items.length === 0
    ? html``
    : html`<h3>${title}</h3><ul>${items.map((one) => html`<li>${one}</li>`)}</ul>`;
}

/** How a deadline adds up. */
function terms({ deadlineTerms }: JudgedExpectation, span: Span): Html {
  if (deadlineTerms.length === 0) return html``;
  return html`<details><summary>its deadline</summary><ul class="terms">${deadlineTerms.map(({ name, ms, source }) => html`<li>${name} <b>${labLength(span, ms)}</b> <span class="dim">${source}</span></li>`)}</ul></details>`;
}

/** From the effect to a person, and from the end of the cause to the end of the alert. */
export function delays(record: RunRecord): Html {
  const told = record.expectations.filter((one) => one.delays.length > 0);
  if (told.length === 0) return html`<p>No alert fired because of a step, so nothing took any time.</p>`;
  const names = SETTINGS.filter(({ name }) =>
    told.some((one) => one.delays.some((delay) => delay.name === name)),
  );
  const bars = told.map((one) => {
    const name = alertName(one.alert, one.labels);
    let x = 0;
    const parts = one.delays.map(({ name: stretch, ms, share }) => {
      const left = x;
      x += share * 100;
      return html`<rect class="delay ${stretch.replaceAll(' ', '-')}" x="${round(left)}%" width="${round(share * 100)}%" y="2" height="18"><title>${stretch}: ${labLength(record, ms)}</title></rect>`;
    });
    const said = one.delays.map(({ name: stretch, ms }) => `${stretch} ${labLength(record, ms)}`).join(', ');
    return html`<div class="row"><div class="name">${name}</div><svg role="img" aria-label="${name}: ${said}" height="22">${parts}</svg></div>`;
  });
  const rows = told.map((one) => {
    const cells = names.map(({ name }) => one.delays.find((delay) => delay.name === name));
    return html`<tr><th scope="row">${alertName(one.alert, one.labels)}</th>${cells.map((cell) => html`<td class="number">${cell ? html`${labLength(record, cell.ms)} <span class="dim">${Math.round(cell.share * 100)} %</span>` : ''}</td>`)}</tr>`;
  });
  const head = [
    'alert',
    ...names.map(({ name }) => html`<span class="key delay ${name.replaceAll(' ', '-')}"></span>${name}`),
  ];
  return html`<div class="timeline">${bars}</div>${table('Delays', head, rows)}
    <dl class="settings">${names.map(({ name, setting }) => html`<div><dt>${name}</dt><dd>${setting}</dd></div>`)}</dl>`;
}

/** What each load was asked for and what came of it. */
export function loads({ load }: RunRecord): Html {
  const head = [
    'load',
    'model',
    'sent',
    'answered',
    'not answered',
    'dropped',
    'answers a second',
    'p50',
    'p95',
    'p99',
    'max',
    'by status',
  ];
  const rows = load.map((one) => {
    const { p50, p95, p99, max } = one.latencyMs;
    const errors = Object.values(one.errors).reduce((sum, count) => sum + count, 0);
    const statuses = Object.entries(one.statuses).map(([status, count]) => `${status}: ${count}`);
    const kinds = Object.entries(one.errors).map(([kind, count]) => `${kind}: ${count}`);
    return html`<tr><th scope="row">${one.name}${one.error ? html`<p class="reason">${one.error}</p>` : ''}</th><td>${one.model}</td>
      ${[one.sent, one.completed, errors, one.dropped, one.achievedRate].map((count) => html`<td class="number">${count}</td>`)}
      ${[p50, p95, p99, max].map((ms) => html`<td class="number">${ms} ms</td>`)}
      <td>${[...statuses, ...kinds].join(', ')}</td></tr>`;
  });
  return table('Load', head, rows);
}

export function lasted(from: string | null, to: string | null, speed: number): string {
  return from === null || to === null
    ? 'no effect'
    : humanDuration((Date.parse(to) - Date.parse(from)) * speed);
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}
