import { type Html, html } from '../report/html/markup.ts';
import { documentOf } from '../report/html/page.ts';
import { table } from '../report/html/sections.ts';
import type { Grade, GradedCriterion } from './grade.ts';
import { CLASS } from './messages/class.ts';
import { CHECKLIST, CRITERION_TITLES, REPORT } from './messages/titles.ts';
import type { Lang } from './messages/words.ts';

/** One submission, or a class, as one HTML file that asks for nothing. */
export function gradePage(grades: readonly Grade[], lang: Lang): string {
  const say = (key: keyof typeof REPORT) => REPORT[key][lang];
  const several = grades.length > 1;
  const body = html`<header><p class="crumb">chaos grade</p><h1>${say('title')}</h1><p class="because">${say('static')}</p></header>
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
      html`<tr><td class="number">${points}</td><td><code>${file}:${line}</code></td><td>${message}</td><td>${fix}</td></tr>`,
  );
  const checklist = one.checklist.map(
    ({ id, ready }) =>
      html`<tr><th scope="row">${CHECKLIST[id]![lang]}</th><td>${say(ready ? 'ready' : 'notReady')}</td></tr>`,
  );
  return html`<section id="s${i}"><h2>${one.dir}</h2>
    <div class="${one.passed ? 'pass' : 'fail'}"><p class="verdict"><strong>${say(one.passed ? 'passed' : 'failed')}</strong>
    <span class="score"><b>${one.score}</b> ${say('of')} 100, ${say('passMark')} ${one.pass}</span></p></div>
    <h3>${say('points')}</h3>${table(
      named('points'),
      [say('criterion'), say('points'), say('of'), say('evidence')],
      one.criteria.map((each) => criterion(each, lang)),
    )}
    <h3>${say('findings')}</h3>${findings.length > 0 ? table(named('findings'), [say('points'), say('place'), say('why'), say('fix')], findings) : html`<p>${say('noFindings')}</p>`}
    <h3>${say('checklist')}</h3>${table(named('checklist'), [say('checklist'), CLASS.verdict[lang]], checklist)}
    <h3>${say('files')}</h3>${list(one.files.map(({ role, file }) => `${role}: ${file}`))}
    <p class="note">promtool: ${say(one.promtool ? 'promtoolRan' : 'promtoolAbsent')}</p>
    <h3>${say('unread')}</h3>${list(one.unread)}</section>`;
}

function criterion({ id, points, of, checks }: GradedCriterion, lang: Lang): Html {
  const rows = checks.map(
    (one) => html`<details><summary>${one.asks}: ${one.points} / ${one.of}</summary>
      <ul class="terms">${one.evidence.map((each) => html`<li>${each}</li>`)}</ul></details>`,
  );
  return html`<tr><th scope="row">${CRITERION_TITLES[id][lang]}</th><td class="number">${points}</td><td class="number">${of}</td><td>${rows}</td></tr>`;
}
