import { humanDuration } from '../../core/duration.ts';
import type { RunRecord } from '../record.ts';
import { html } from './markup.ts';
import { documentOf } from './page.ts';
import { badge, table } from './sections.ts';

/** A run in the list of all: its record, and the path of its page from the list. */
export interface Listed {
  record: RunRecord;
  href: string;
}

/** Every run of a folder, the newest first. */
export function indexPage(runs: readonly Listed[]): string {
  const newest = [...runs].sort((a, b) => Date.parse(b.record.startedAt) - Date.parse(a.record.startedAt));
  const head = ['began', 'scenario', 'verdict', 'score', 'alerts on time', 'unexpected', 'lab', 'took'];
  const rows = newest.map(({ record, href }) => {
    const { startedAt, endedAt, scenario, verdict, score, expectations, unexpected, lab, speed, control } =
      record;
    const onTime = expectations.filter(({ outcome }) => outcome === 'on-time').length;
    const took = humanDuration(Date.parse(endedAt) - Date.parse(startedAt));
    return html`<tr><td class="number">${startedAt.replace('T', ' ').replace(/\.\d+Z/, '')}</td>
      <th scope="row"><a href="${href}">${scenario}</a>${control ? html` <span class="dim">${control}</span>` : ''}</th>
      <td>${badge(verdict)}</td><td class="number">${score ?? ''}</td>
      <td class="number">${onTime} of ${expectations.length}</td><td class="number">${unexpected.length}</td>
      <td>${lab} ${speed}x</td><td class="number">${took}</td></tr>`;
  });
  const body = html`<header><p class="crumb">chaos</p><h1>Runs</h1></header>
    <main><section><h2>${runs.length} runs, the newest first</h2>${table('Runs', head, rows)}</section></main>`;
  return documentOf('chaos: runs', body);
}
