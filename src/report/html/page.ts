import { humanDuration } from '../../core/duration.ts';
import { folderOf, type RunRecord } from '../record.ts';
import { charts } from './charts.ts';
import { evidence } from './evidence.ts';
import { type Html, html, trusted } from './markup.ts';
import { plan } from './plan.ts';
import { PROGRAM } from './program.ts';
import { delays, expectations, loads, table } from './sections.ts';
import { labLength, spanOf } from './span.ts';
import { STYLE } from './style.ts';
import { timeline } from './timeline.ts';

/** What is inlined so that the page asks for nothing: the library that draws its charts. */
export interface Assets {
  script: string;
  style: string;
}

/**
 * A run as one HTML file, from its record alone: verdict and score, the timeline and every table are there without a
 * script; the charts of the load are drawn by one that is inside.
 */
export function page(record: RunRecord, assets: Assets): string {
  const span = spanOf(record);
  const { scenario, title, verdict, score, because, lab, speed, startedAt, endedAt, control } = record;
  const wall = Date.parse(endedAt) - Date.parse(startedAt);
  const at = speed === 1 ? '' : ` at ${speed}x, ${labLength(span, wall)} of lab time`;
  const facts: [string, string][] = [
    ['Lab', `${lab}${at}`],
    ['Began', startedAt.replace('T', ' ').replace(/\.\d+Z/, ' UTC')],
    ['Took', humanDuration(wall)],
    ['Ended', record.status + (record.statusReason ? `: ${record.statusReason}` : '')],
    ...(control ? [['Control', control] as [string, string]] : []),
  ];
  const body = html`<header class="${verdict}">
    <p class="crumb">chaos <span>${scenario}</span></p>
    <h1>${title || scenario}</h1>
    <p class="verdict"><strong>${verdict}</strong>${score === null ? html`<span class="score">no score</span>` : html`<span class="score"><b>${score}</b> of 100</span>`}</p>
    <p class="because">${because}</p>
    <dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
  </header>
  <main>
    <section><h2>What happened</h2>
      <p class="note">${span.speed === 1 ? 'Time' : 'Lab time'}, from the end of the baseline.</p>
      ${timeline(record, span)}</section>
    <section><h2>Expected against seen</h2>${expectations(record, span)}</section>
    <section><h2>Where the time went</h2>${delays(record)}</section>
    ${scoreSection(record)}
    <section><h2>Load</h2>${record.load.length === 0 ? html`<p>No load was sent.</p>` : html`${charts(record, span)}<noscript><p>The charts need a script; the numbers do not.</p></noscript>${loads(record)}`}</section>
    ${plan(record, span)}
    ${evidence(record, span)}
    ${reproduce(record)}
  </main>
  <footer>chaos ${record.versions.chaos}, Node ${record.versions.node}, Prometheus ${record.versions.prometheus}, Alertmanager ${record.versions.alertmanager}${record.chain ? html`. Record <code>${record.chain.at(-1)?.sha256.slice(0, 16)}</code>` : ''}</footer>`;
  return documentOf(`${verdict}: ${title || scenario}`, body, assets);
}

/** A whole document around a body. @param lang of its words, as HTML names it */
export function documentOf(title: string, body: Html, assets?: Assets, lang = 'en'): string {
  const program =
    assets && html`<script>${trusted(closed(assets.script))}</script><script>${trusted(PROGRAM)}</script>`;
  return `<!doctype html>\n${
    html`<html lang="${lang}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<meta name="color-scheme" content="light dark"><title>${title}</title>
<style>${trusted(`${assets?.style ?? ''}${STYLE}`)}</style></head><body>${body}${program}</body></html>`.text
  }\n`;
}

/** A program's text that cannot end the element it stands in. */
function closed(script: string): string {
  return script.replace(/<\/script/gi, '<\\/script');
}

function scoreSection({ scoreParts }: RunRecord): Html {
  if (scoreParts.length === 0) return html``;
  const rows = scoreParts.map(
    ({ name, points, of, how }) =>
      html`<tr><th scope="row">${name}</th><td class="number">${points}</td><td class="number">${of}</td><td>${how}</td></tr>`,
  );
  return html`<section><h2>Score</h2>${table('Score', ['part', 'points', 'of', 'how'], rows)}</section>`;
}

function reproduce({ scenario, speed, lab, control, startedAt }: RunRecord): Html {
  const name = lab === 'techshop' ? '' : ` --name ${lab}`;
  const folder = `reports/${folderOf({ startedAt, scenario })}`;
  const lines = [
    `chaos up --speed ${speed}${name}`,
    `chaos run ${scenario}${name}${control ? ` --control ${control}` : ''}`,
    '',
    '# the verdict again, from the record alone',
    `chaos regrade ${folder}`,
    '# other thresholds or for: on the samples of this run',
    `chaos regrade ${folder} --rules DIR`,
  ];
  return html`<section><h2>Do it again</h2><pre tabindex="0">${lines.map((line) => html`${line}\n`)}</pre></section>`;
}
