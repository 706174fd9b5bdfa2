import { humanDuration } from '../../core/duration.ts';
import { alertName, without } from '../../core/labels.ts';
import { type Html, html } from '../../report/html/markup.ts';
import { list, table } from '../../report/html/sections.ts';
import { CAUSES } from '../causes.ts';
import { listed } from '../decide.ts';
import { counted } from '../review.ts';
import { COSTS, POINTS } from '../score.ts';
import type { FacilitatorView, Row, TeamView, Told } from '../views.ts';

/** What a page shows, by the ids of its regions, and which of its forms can be used. */
export interface Shown {
  role: 'team' | 'facilitator';
  speed: number;
  over: boolean;
  regions: Record<string, string>;
  can: Record<string, boolean>;
}

/** A stretch that goes on while it is looked at: the page counts. */
const since = (ms: number) => html`<span class="number" data-since="${ms}"></span>`;

export function teamShown(view: TeamView): Shown {
  return {
    role: 'team',
    speed: view.speed,
    over: view.over !== null,
    regions: textsOf(teamRegions(view)),
    can: { declare: !view.over, cause: canName(view), resolve: !view.over && view.declared !== null },
  };
}

export function facilitatorShown(view: FacilitatorView): Shown {
  const { team, current } = view;
  const mine = current === null ? undefined : view.entries[current];
  const inForce = mine?.status === 'in force' && mine.kind === 'incident';
  const regions = { ...teamRegions(team), now: now(view), entries: entries(view) };
  return {
    role: 'facilitator',
    speed: team.speed,
    over: team.over !== null,
    regions: textsOf(regions),
    can: {
      inject: !team.over && mine?.status === 'to come',
      hint: !team.over && inForce && mine.hints < mine.allHints.length,
      pause: !team.over && !team.paused,
      continue: !team.over && team.paused,
      stop: !team.over,
    },
  };
}

function textsOf(regions: Record<string, Html>): Record<string, string> {
  return Object.fromEntries(Object.entries(regions).map(([id, { text }]) => [id, text]));
}

function canName({ over, declared }: TeamView): boolean {
  return !over && declared !== null && !declared.guesses.some(({ right }) => right);
}

function teamRegions(view: TeamView): Record<string, Html> {
  return {
    clock: clock(view),
    alerts: alerts(view),
    declared: declared(view),
    board: board(view),
    hints: list(
      'Hints',
      view.hints.map((text) => html`${text}`),
    ),
    feed: feed(view),
  };
}

function clock({ title, begunAt, over, interrupted, paused, speed, mystery, announced }: TeamView): Html {
  const passed = over
    ? html`<b class="number">${humanDuration((over.at - begunAt) * speed)}</b>`
    : html`<b>${since(begunAt)}</b>`;
  const badge = over ? 'over' : interrupted ? 'interrupted' : paused ? 'paused' : 'running';
  return html`<p class="clock">${title}: ${passed} <span class="outcome ${badge === 'running' ? 'on-time' : badge === 'over' ? 'plain' : ''}">${badge}</span>
    <span class="dim">${speed === 1 ? '' : `lab time, ${speed} times as fast as the clock on the wall`}</span></p>
    ${interrupted ? html`<p class="note">Interrupted: nothing is in force. When it is gone on with, this page will be too.</p>` : ''}
    ${mystery && !over ? html`<p class="note">A mystery: something will happen, or will not.</p>` : ''}
    ${announced ? html`<p><b>${announced.title}</b> ${announced.about}</p>` : ''}`;
}

function alerts({ alerts }: TeamView): Html {
  if (alerts.length === 0) return html`<p>Nothing is pending or firing.</p>`;
  const rows = alerts.map(({ alert, labels, state, since: from }) => {
    const name = alertName(
      alert,
      without(labels, 'severity', 'environment', 'service', 'chaos_speed', 'alertname'),
    );
    const tone = state === 'firing' ? 'missed' : '';
    return html`<tr><th scope="row">${name}</th><td><span class="outcome ${tone}">${state}</span></td><td>${labels.severity}</td><td>${since(from)}</td></tr>`;
  });
  return table('Alerts', ['alert', 'state', 'severity', 'for'], rows);
}

function declared({ declared, over }: TeamView): Html {
  if (!declared) return html`<p>${over ? 'Nothing was left open.' : 'No incident is declared.'}</p>`;
  const named = declared.guesses.map(
    ({ service, kind, right }) =>
      html`<span class="outcome ${right ? 'on-time' : 'missed'}">${right ? 'right' : 'wrong'}</span> <b>${service}</b>: ${CAUSES[kind]?.says ?? kind}`,
  );
  return html`<p>Declared ${since(declared.at)} ago${declared.note ? html`: <b>${declared.note}</b>` : ''}</p>
    ${list('Named as its cause', named)}
    ${declared.claimedAt === null ? '' : html`<p><b>Checked against the steady state</b> for ${since(declared.claimedAt)}.</p>`}`;
}

const TRUTHS = { incident: 'incident', false: 'nothing was wrong', echo: 'an earlier one, dying away' };

function board({ rows, points, of, falseAlarms, speed, begunAt }: TeamView): Html {
  const cell = ({ points: got, of: most, tookMs }: Row['parts'][number]) =>
    html`<td class="number">${most === 0 ? html`<span class="dim">not counted</span>` : html`<b>${got}</b> of ${most}`}${tookMs === null ? '' : html` <span class="dim">after ${humanDuration(Math.max(0, tookMs) * speed)}</span>`}</td>`;
  const shown = rows.map(
    ({ declaredAt, truth, parts, hints }, index) =>
      html`<tr><th scope="row">${index + 1}, at ${humanDuration((declaredAt - begunAt) * speed)}</th><td>${TRUTHS[truth]}</td>${parts.length > 0 ? parts.map(cell) : html`<td></td><td></td><td></td>`}<td class="number">${hints > 0 ? `−${hints}` : ''}${truth === 'false' ? `−${COSTS.false}` : ''}</td></tr>`,
  );
  return html`<p class="score"><b id="points">${points}</b> of ${of}${falseAlarms > 0 ? html`, with ${counted(falseAlarms, 'false alarm')}` : ''}</p>
    ${shown.length === 0 ? html`<p>What is closed is counted here.</p>` : table('Score', ['declared', 'it was', ...Object.keys(POINTS), 'cost'], shown)}`;
}

const TONES: Record<Told['kind'], string> = {
  alert: 'missed',
  resolved: 'on-time',
  team: 'plain',
  room: 'plain',
  schedule: 'plain',
};

function feed({ feed, begunAt, speed }: TeamView): Html {
  return html`<ol class="feed">${feed.map(({ at, kind, text }) => html`<li><span class="number dim">${humanDuration((at - begunAt) * speed)}</span> <span class="outcome ${TONES[kind]}">${kind}</span> <span class="said-so">${text}</span></li>`)}</ol>`;
}

function now({ steady, current, entries, freeSince, seed, resumes, injected, team }: FacilitatorView): Html {
  const mine = current === null ? undefined : entries[current];
  const lab = !steady
    ? html`The lab has not been looked at yet.`
    : steady.ok
      ? html`The lab has been well for ${since(steady.since)}.`
      : html`<b>The lab is not well:</b> ${listed(steady.reasons)}.`;
  const waits = html`Next is <b>${mine?.name}</b>${mine?.kind === 'incident' ? '' : ` (${mine?.kind})`}, once nothing has been wrong for ${humanDuration(mine?.afterMs ?? 0)}: so far ${steady?.ok ? since(Math.max(steady.since, freeSince)) : 'not at all'}${team.paused ? ', and paused' : ''}${injected ? ', at once' : ''}.`;
  const acts = html`<b>${mine?.name}</b> is ${mine?.status}${mine?.effectAt ? html` for ${since(mine.effectAt)}${mine.limitMs ? ` of ${humanDuration(mine.limitMs)}` : ''}` : ''}.`;
  const next =
    mine?.kind === 'incident' && mine.status === 'in force' ? mine.allHints[mine.hints] : undefined;
  return html`<p>${lab}</p><p>${team.over ? 'The game day is over.' : !mine ? 'Nothing is left.' : mine.status === 'to come' ? waits : acts}</p>
    ${next === undefined ? '' : html`<p>Next hint: <i>${next}</i></p>`}
    <p class="dim">${seed === null ? 'In the order of its file.' : `Drawn with seed ${seed}.`}${resumes > 0 ? ` Started again ${counted(resumes, 'time')}.` : ''}</p>`;
}

function entries({ entries: all, current, team: { speed }, score }: FacilitatorView): Html {
  const after = (from: number | null, to: number | null) =>
    from === null || to === null ? '' : humanDuration(Math.max(0, to - from) * speed);
  const rows = all.map((one, index) => {
    const { effectAt, detectedAt, acknowledgedAt, diagnosedAt, mitigatedAt } = one;
    const got = score.incidents.find(({ entry }) => entry === index);
    const times = [detectedAt, acknowledgedAt, diagnosedAt, mitigatedAt];
    const right = one.answers
      .map(({ service, kind }) => `${service}: ${CAUSES[kind]?.says ?? kind}`)
      .join('; or ');
    return html`<tr${index === current ? html` aria-current="step"` : ''}><th scope="row">${one.title}<p class="reason">${one.kind === 'quiet' ? `quiet for ${humanDuration(one.afterMs)}` : `${one.kind} ${one.name}`}${right ? `. ${right}` : ''}</p></th>
      <td><span class="outcome ${one.status === 'to come' || one.status === 'over' ? 'plain' : ''}">${one.status}</span>${one.how ? ` ${one.how}` : ''}</td>
      ${times.map((time) => html`<td class="number">${after(effectAt, time)}</td>`)}
      <td class="number">${one.wrong.length || ''}</td><td class="number">${got ? `${got.points - got.hints} of ${got.of}` : ''}</td></tr>`;
  });
  const head = ['entry', 'state', 'detected', 'acknowledged', 'diagnosed', 'mitigated', 'wrong', 'points'];
  return table('Schedule', head, rows);
}
