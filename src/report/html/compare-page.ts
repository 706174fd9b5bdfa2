import { humanDuration } from '../../core/duration.ts';
import { alertName } from '../../core/labels.ts';
import type { JudgedExpectation } from '../../verdict/verdict.ts';
import type { RunRecord } from '../record.ts';
import { type Html, html } from './markup.ts';
import { documentOf } from './page.ts';
import { badge, table } from './sections.ts';
import { labLength, spanOf } from './span.ts';
import { timeline } from './timeline.ts';

/** Two runs side by side, the earlier as it is given first: what is another, and by how much. Lab time. */
export function comparePage(a: RunRecord, b: RunRecord): string {
  const body = html`<header><p class="crumb">chaos, two runs side by side</p>
    <h1>${a.scenario === b.scenario ? a.scenario : `${a.scenario} and ${b.scenario}`}</h1></header>
  <main>
    <section><h2>Verdicts</h2>${table('Verdicts', ['', 'A', 'B'], facts(a, b))}</section>
    <section><h2>Alerts</h2>${table('Alerts', ['alert', 'A', 'B', 'fired after, A', 'B', 'difference'], alerts(a, b))}</section>
    <section><h2>Load</h2>${table('Load', ['load', 'answers a second, A', 'B', 'p95, A', 'B', 'p99, A', 'B', 'not answered, A', 'B'], loads(a, b))}</section>
    <section><h2>Rules</h2>${rules(a, b)}</section>
    <section><h2>A</h2>${timeline(a, spanOf(a))}</section>
    <section><h2>B</h2>${timeline(b, spanOf(b))}</section>
  </main>`;
  return documentOf(`${a.scenario}: ${a.startedAt} and ${b.startedAt}`, body);
}

function facts(a: RunRecord, b: RunRecord): Html[] {
  const row = (name: string, of: (record: RunRecord) => Html | string | number) =>
    html`<tr><th scope="row">${name}</th><td>${of(a)}</td><td>${of(b)}</td></tr>`;
  return [
    row('scenario', ({ scenario, control }) => scenario + (control ? ` (${control})` : '')),
    row('verdict', ({ verdict }) => badge(verdict)),
    row('score', ({ score }) => score ?? 'none'),
    row('because', ({ because }) => because),
    row('began', ({ startedAt }) => startedAt.replace('T', ' ').replace(/\.\d+Z/, ' UTC')),
    row('lab', ({ lab, speed }) => `${lab} at ${speed}x`),
    row('unexpected alerts', ({ unexpected }) => unexpected.length),
    row('Prometheus, Alertmanager', ({ versions }) => `${versions.prometheus}, ${versions.alertmanager}`),
  ];
}

/** By name: in both runs, or in one of them alone. */
function paired<T>(
  a: readonly T[],
  b: readonly T[],
  nameOf: (one: T) => string,
): [string, T | undefined, T | undefined][] {
  const names = [...new Set([...a, ...b].map(nameOf))];
  const find = (all: readonly T[], name: string) => all.find((one) => nameOf(one) === name);
  return names.map((name) => [name, find(a, name), find(b, name)]);
}

function alerts(a: RunRecord, b: RunRecord): Html[] {
  const nameOf = ({ alert, labels }: JudgedExpectation) => alertName(alert, labels);
  return paired(a.expectations, b.expectations, nameOf).map(([name, before, after]) => {
    const [first, second] = [firedAfter(before, a), firedAfter(after, b)];
    const apart = first === undefined || second === undefined ? undefined : second - first;
    const cell = (ms: number | undefined) =>
      html`<td class="number">${ms === undefined ? '' : humanDuration(ms)}</td>`;
    return html`<tr><th scope="row">${name}</th>${outcome(before)}${outcome(after)}${cell(first)}${cell(second)}
      <td class="number">${apart === undefined ? '' : `${apart > 0 ? '+' : ''}${humanDuration(apart)}`}</td></tr>`;
  });
}

const outcome = (one: JudgedExpectation | undefined) =>
  html`<td>${one ? html`<span class="outcome ${one.outcome}">${one.outcome}</span>` : 'not expected'}</td>`;

/** Milliseconds of lab time. */
function firedAfter(one: JudgedExpectation | undefined, { speed }: RunRecord): number | undefined {
  if (!one?.effectAt || !one.firedAt) return undefined;
  return (Date.parse(one.firedAt) - Date.parse(one.effectAt)) * speed;
}

function loads(a: RunRecord, b: RunRecord): Html[] {
  return paired(a.load, b.load, ({ name }) => name).map(([name, before, after]) => {
    const both = (of: (load: RunRecord['load'][number]) => string | number) =>
      [before, after].map((load) => html`<td class="number">${load ? of(load) : ''}</td>`);
    const unanswered = (load: RunRecord['load'][number]) =>
      Object.values(load.errors).reduce((sum, count) => sum + count, 0);
    return html`<tr><th scope="row">${name}</th>${both((load) => load.achievedRate)}${both(({ latencyMs }) => `${latencyMs.p95} ms`)}${both(({ latencyMs }) => `${latencyMs.p99} ms`)}${both(unanswered)}</tr>`;
  });
}

/** Rules that are not the same in both, with what they were. */
function rules(a: RunRecord, b: RunRecord): Html {
  if (a.speed !== b.speed)
    return html`<p>They ran at different speeds, at which no window is the same: rules are not compared.</p>`;
  const said = (record: RunRecord, rule: RunRecord['rules']['alerts'][number] | undefined) =>
    rule ? html`<code>${rule.expr}</code> for ${labLength(record, rule.forMs)}` : 'not loaded';
  const rows = paired(a.rules.alerts, b.rules.alerts, ({ name }) => name)
    .filter(([, before, after]) => before?.expr !== after?.expr || lab(before, a) !== lab(after, b))
    .map(
      ([name, before, after]) =>
        html`<tr><th scope="row">${name}</th><td>${said(a, before)}</td><td>${said(b, after)}</td></tr>`,
    );
  return rows.length === 0
    ? html`<p>Both ran under the same alerting rules.</p>`
    : table('Rules that differ', ['rule', 'A', 'B'], rows);
}

const lab = (rule: { forMs: number } | undefined, { speed }: RunRecord) =>
  rule && Math.round(rule.forMs * speed);
