import { humanDuration } from '../../core/duration.ts';
import { alertName } from '../../core/labels.ts';
import type { RunRecord } from '../record.ts';
import { type Html, html } from './markup.ts';
import { list, table } from './sections.ts';
import { labLength, labTime, type Span } from './span.ts';

/** What the run set out to do, and by which rules: steps, the expected alerts' conditions, what is not held against it. */
export function plan(record: RunRecord, span: Span): Html {
  const { cadence, pass, steps, faults, expect, rules, tolerate } = record;
  const time = (at: string | null) => (at === null ? '' : labTime(span, Date.parse(at)));
  const facts: [string, string][] = [
    [
      'Scrapes',
      `every ${labLength(record, cadence.scrapeMs)}, up to ${labLength(record, cadence.scrapeTimeoutMs)} each`,
    ],
    ['Evaluations', `every ${labLength(record, cadence.evaluationMs)}`],
    ['Baseline', labLength(record, span.zeroMs - span.fromMs)],
    ['Passes', `from ${pass}`],
  ];
  const acts = steps.map(({ id, kind, requestedAt, startedAt, fullAt, goneAt, error }) => {
    const fault = faults.find((one) => one.id === id);
    return html`<tr><th scope="row">${id}${error ? html`<p class="reason">${error}</p>` : ''}</th><td>${fault ? `${fault.type} ${fault.target}` : kind}</td>
      ${[requestedAt, startedAt, fullAt, goneAt].map((at) => html`<td class="number">${time(at)}</td>`)}</tr>`;
  });
  const conditions = expect.map(({ alert, labels, because, withinMs }) => {
    const rule = rules.alerts.find(({ name }) => name === alert);
    return html`<tr><th scope="row">${alertName(alert, labels)}</th><td>${because}</td>
      <td class="number">${rule ? labLength(record, rule.forMs) : 'no such rule'}</td>
      <td class="number">${withinMs === undefined ? '' : humanDuration(withinMs)}</td>
      <td><code>${rule?.expr.trim() ?? ''}</code></td></tr>`;
  });
  return html`<section><h2>The plan</h2>
    <dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    ${acts.length === 0 ? html`<p>Nothing was to be done.</p>` : table('Steps', ['step', 'what', 'asked for', 'first effect', 'whole effect', 'gone'], acts)}
    ${conditions.length === 0 ? '' : html`<h3>Expected alerts, as the lab’s Prometheus had them</h3>${table('Conditions', ['alert', 'because of', 'for', 'within', 'condition, in wall time'], conditions)}`}
    ${list(
      'Not held against the run',
      tolerate.map(({ alert, labels }) => html`${alertName(alert, labels)}`),
    )}
  </section>`;
}
