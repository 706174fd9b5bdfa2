import { type Html, html } from '../report/html/markup.ts';
import { documentOf } from '../report/html/page.ts';
import { table } from '../report/html/sections.ts';
import type { Grade, GradedCriterion } from './grade.ts';
import { CLASS } from './messages/class.ts';
import { CHECKLIST, CRITERION_TITLES, howGraded, REPORT } from './messages/titles.ts';
import type { Lang } from './messages/words.ts';

/** One submission, or a class, as one HTML file that asks for nothing. */
export function gradePage(grades: readonly Grade[], lang: Lang): string {
  const say = (key: keyof typeof REPORT) => REPORT[key][lang];
  const several = grades.length > 1;
  const body = html`<header><p class="crumb">chaos grade</p><h1>${say('title')}</h1><p class="because">${grades[0] ? howGraded(grades[0])[lang] : ''}</p></header>
    <main>${several ? overview(grades, lang) : ''}${grades.map((one, i) => submission(one, i, lang))}</main>`;
  return documentOf(`chaos: ${say('title')}`, body, undefined, lang);
}

function overview(grades: readonly Grade[], lang: Lang): Html {
  const ids = grades[0]!.criteria.map(({ id }) => CRITERION_TITLES[id][lang]);
  const rows = grades.map(
    (
      one,
      i,
    ) => html`<tr><th scope="row"><a href="#s${i}">${one.dir}</a></th><td class="number">${one.score}</td>
      <td>${badge(one, lang)}</td>${one.criteria.map(({ points }) => html`<td class="number">${points}</td>`)}</tr>`,
  );
  const head = [CLASS.name[lang], REPORT.points[lang], CLASS.verdict[lang], ...ids];
  return html`<section>${table(REPORT.title[lang], head, rows)}</section>`;
}

function badge({ passed }: Grade, lang: Lang): Html {
  return html`<span class="outcome ${passed ? 'on-time' : 'missed'}">${REPORT[passed ? 'passed' : 'failed'][lang]}</span>`;
}

/** One of them, whole. @param i which one, for links to it */
export function submission(one: Grade, i: number, lang: Lang): Html {
  const say = (key: keyof typeof REPORT) => REPORT[key][lang];
  // Several of these stand on one page.
  const named = (key: keyof typeof REPORT) => `${one.dir}: ${say(key)}`;
  const list = (items: readonly string[]) =>
    items.length > 0
      ? html`<ul class="terms">${items.map((item) => html`<li>${item}</li>`)}</ul>`
      : html`<p>${say('none')}</p>`;
  const findings = one.findings.map(
    ({ points, file, line, message, fix }) =>
      html`<li><span class="number">−${points}</span><div><p>${message}</p><p>→ ${fix}</p><p class="reason"><code>${file}:${line}</code></p></div></li>`,
  );
  const ready = (item: { ready: boolean }) => {
    if (one.mode === 'live') return say(item.ready ? 'seen' : 'notSeen');
    return say(item.ready ? 'ready' : 'notReady');
  };
  const checklist = one.checklist.map(
    (item) =>
      html`<tr><th scope="row">${CHECKLIST[item.id]![lang]}</th><td><span class="outcome ${item.ready ? 'on-time' : 'missed'}">${item.ready ? '✓' : '✗'}</span> ${ready(item)}</td></tr>`,
  );
  const incidents = (one.live?.incidents ?? []).map(({ id, record }) => `${id}: ${record ?? say('none')}`);
  return html`<section id="s${i}"><h2>${one.dir}</h2>
    <div class="${one.passed ? 'pass' : 'fail'}"><p class="verdict"><strong>${say(one.passed ? 'passed' : 'failed')}</strong>
    <span class="score"><b>${one.score}</b> ${say('of')} 100, ${say('passMark')} ${one.pass}</span></p></div>
    ${one.live?.undecided ? html`<p class="because">${say('undecided')}</p>` : ''}
    <div class="timeline">${one.criteria.map((each) => criterion(each, lang))}</div>
    <h3>${say('findings')}</h3>${findings.length > 0 ? html`<ol class="todo">${findings}</ol>` : html`<p>${say('noFindings')}</p>`}
    <h3>${say('checklist')}</h3>${table(named('checklist'), [say('checklist'), CLASS.verdict[lang]], checklist)}
    ${incidents.length > 0 ? html`<h3>${say('incidents')}</h3>${list(incidents)}` : ''}
    <details><summary>${say('files')} (${one.files.length})</summary>${list(one.files.map(({ role, file }) => `${role}: ${file}`))}
    <p class="reason">promtool: ${say(one.promtool ? 'promtoolRan' : 'promtoolAbsent')}</p></details>
    <details><summary>${say('unread')} (${one.unread.length})</summary>${list(one.unread)}</details></section>`;
}

/** A bar of its points, in percent of its picture, so that it is as wide as the window lets it be; and what won them. */
function criterion({ id, points, of, checks }: GradedCriterion, lang: Lang): Html {
  const width = of > 0 ? Math.floor((points / of) * 1000) / 10 : 100;
  const rows = checks.map(
    (one) => html`<li>${one.asks}: ${one.points} / ${one.of}
      ${one.evidence.length > 0 ? html`<p class="reason">${one.evidence.join('; ')}</p>` : ''}</li>`,
  );
  return html`<div class="row"><div class="name"><b>${CRITERION_TITLES[id][lang]}</b><br>${points} / ${of}</div>
    <div><svg aria-hidden="true" height="14"><rect class="bar rest" width="100%" height="14"></rect><rect class="bar team" width="${width}%" height="14"></rect></svg>
    <details><summary>${REPORT.evidence[lang]}</summary><ul class="terms">${rows}</ul></details></div></div>`;
}
