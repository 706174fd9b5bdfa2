import { humanDuration } from '../core/duration.ts';
import { alertName } from '../core/labels.ts';
import { jsonText } from '../core/visible.ts';
import { type Html, html } from '../report/html/markup.ts';
import { documentOf } from '../report/html/page.ts';
import { list, table } from '../report/html/sections.ts';
import { labTime, type Span } from '../report/html/span.ts';
import { type Bar, drawTimeline, type Row } from '../report/html/timeline.ts';
import { CAUSES } from './causes.ts';
import type { GameEvent } from './events.ts';
import type { EntryResult, Result } from './result.ts';
import { counted, review } from './review.ts';
import type { Day } from './schedule.ts';
import { COSTS, POINTS } from './score.ts';
import type { State } from './state.ts';
import { feedOf } from './views.ts';

/** A game day as one HTML file that asks for nothing. */
export function reportPage(day: Day, state: State, events: readonly GameEvent[], result: Result): string {
  const fromMs = Date.parse(result.startedAt);
  const toMs = Math.max(fromMs + 1, Date.parse(result.endedAt));
  const span: Span = { fromMs, toMs, zeroMs: fromMs, speed: result.speed };
  const facts: [string, string][] = [
    ['Lab', `${result.lab} at ${result.speed}x`],
    ['Began', result.startedAt.replace('T', ' ').replace(/\.\d+Z/, ' UTC')],
    ['Took', `${humanDuration(toMs - fromMs)}, ${humanDuration((toMs - fromMs) * result.speed)} of lab time`],
    ['Ended', result.status],
    ['Order', result.seed === null ? 'of its file' : `drawn with seed ${result.seed}`],
    ...(result.restarts > 0 ? [['Started again', counted(result.restarts, 'time')] as [string, string]] : []),
  ];
  const body = html`<header><p class="crumb">chaos <span>gameday ${result.name}</span></p><h1>${result.title}</h1>
    <p class="verdict"><span class="score"><b>${result.points}</b> of ${result.of}</span></p>
    <dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></header>
  <main>
    <section><h2>What happened</h2><p class="note">Lab time, from the beginning of the day.</p>${drawTimeline(rowsOf(day, state, events, span), span)}</section>
    <section><h2>Score</h2>${scores(result)}</section>
    <section><h2>What alerted, and what should have</h2>${alerts(result, span)}</section>
    <section><h2>Everything in order</h2>${list(
      'Lab time',
      feedOf(day, events, true, 500)
        .reverse()
        .map(({ at, text }) => html`<span class="number">${labTime(span, at)}</span> ${text}`),
    )}</section>
    <section><h2>Blameless review</h2><p>To be filled in together; the same is in review.md.</p><pre tabindex="0">${review(
      result,
    )
      .split('\n')
      .map((line) => html`${line}\n`)}</pre></section>
  </main>`;
  return documentOf(`Game day: ${result.title}`, body);
}

/** The same for programs. */
export function resultText(result: Result): string {
  return `${jsonText(result)}\n`;
}

function rowsOf(day: Day, state: State, events: readonly GameEvent[], span: Span): Row[] {
  const time = (ms: number) => labTime(span, ms);
  const played = day.entries.flatMap((entry, index): Row[] => {
    const { effectAt, endedAt, mitigatedAt } = state.entries[index]!;
    if (entry.kind === 'quiet' || effectAt === null) return [];
    const to = mitigatedAt ?? endedAt ?? span.toMs;
    const name = entry.scenario.title;
    const bars: Bar[] = [{ kind: entry.kind === 'incident' ? 'fault' : 'load', from: effectAt, to }];
    return [{ name, what: entry.kind, bars, said: `${name}: from ${time(effectAt)} to ${time(to)}` }];
  });
  const declared: Row = {
    name: 'the team',
    what: 'declared',
    bars: state.declarations.map(({ at, closedAt }) => ({
      kind: 'team',
      from: at,
      to: closedAt ?? span.toMs,
    })),
    said: `declared at ${state.declarations.map(({ at }) => time(at)).join(', ') || 'no time'}`,
  };
  return [...played, declared, ...alertRows(events, span)];
}

/** Each alert's stays as they were seen; only of those that fired. */
function alertRows(events: readonly GameEvent[], span: Span): Row[] {
  const rows = new Map<string, Row>();
  for (const event of events) {
    if (event.event !== 'alert') continue;
    const { at, alert, state } = event;
    const { instance, endpoint } = event.labels;
    const name = alertName(alert, { ...(instance ? { instance } : {}), ...(endpoint ? { endpoint } : {}) });
    const row = rows.get(name) ?? { name, what: 'alert', bars: [], said: name };
    rows.set(name, row);
    const last = row.bars.at(-1);
    if (last?.to === span.toMs) last.to = at;
    if (state !== 'gone') row.bars.push({ kind: state, from: at, to: span.toMs });
    row.said += `; ${state} at ${labTime(span, at)}`;
  }
  return [...rows.values()].filter(({ bars }) => bars.some(({ kind }) => kind === 'firing'));
}

function scores({ entries, falseAlarms, points, of }: Result): Html {
  const incidents = entries.filter(({ kind }) => kind === 'incident');
  const cell = (ms: number | null) => html`<td class="number">${ms === null ? '' : humanDuration(ms)}</td>`;
  const rows = incidents.map(
    (
      one,
    ) => html`<tr><th scope="row">${one.title}<p class="reason">${one.cause}</p><p class="reason">${one.answers
      .map(({ service, kind }) => `${service}: ${CAUSES[kind]?.says ?? kind}`)
      .join('; or ')}</p>${one.excuse ? html`<p class="reason">${one.excuse}</p>` : ''}</th>
      <td>${one.how}</td>${cell(one.tookMs.detect)}${one.parts.length === 0 ? Object.keys(POINTS).map(() => html`<td></td>`) : one.parts.map((part) => html`<td class="number">${part.of === 0 ? 'not counted' : `${part.points} of ${part.of}`}<p class="reason">${part.how}</p></td>`)}
      <td class="number">${one.hints || ''}</td><td class="number">${one.points} of ${one.of}</td></tr>`,
  );
  const head = ['incident', 'ended', 'detected after', ...Object.keys(POINTS), 'hints', 'points'];
  return html`${table('Score', head, rows)}<p>${counted(falseAlarms, 'false alarm')} at ${COSTS.false} points. Together <b>${points} of ${of}</b>.</p>`;
}

function alerts({ entries }: Result, span: Span): Html {
  const rows = entries.flatMap((entry: EntryResult) =>
    entry.alerts.map(({ alert, outcome, firedAt }) => {
      const tone = outcome === 'fired' ? 'on-time' : outcome === 'missed' ? 'missed' : '';
      return html`<tr><th scope="row">${alert}</th><td>${entry.title}</td><td><span class="outcome ${tone}">${outcome}</span></td><td class="number">${firedAt === null ? '' : labTime(span, Date.parse(firedAt))}</td></tr>`;
    }),
  );
  if (rows.length === 0) return html`<p>No incident was carried out.</p>`;
  return html`${table('Alerts', ['alert', 'incident', 'it', 'at'], rows)}<p class="note">Not due: the incident was over before the alert had to fire. Unknown: its deadline, or Prometheus' history, could not be had.</p>`;
}
