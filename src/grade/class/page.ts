import { type Html, html } from '../../report/html/markup.ts';
import { documentOf } from '../../report/html/page.ts';
import { table } from '../../report/html/sections.ts';
import { CLASS } from '../messages/class.ts';
import { CRITERION_TITLES, REPORT } from '../messages/titles.ts';
import { submission } from '../page.ts';
import { type ClassSummary, percent, reasonOf } from './summary.ts';

/** A class as one HTML file that asks for nothing: its figures, then each stack. */
export function classPage(summary: ClassSummary): string {
  const { lang, counts, passRate, roster, stacks } = summary;
  const say = (key: keyof typeof CLASS) => CLASS[key][lang];
  const graded = stacks.flatMap((one) => ('grade' in one ? [{ ...one.grade, dir: one.name }] : []));
  const facts: [string, string][] = [
    [say('graded'), `${counts.graded} ${say('of')} ${counts.stacks}`],
    ...(passRate === null
      ? []
      : ([
          [say('passRate'), `${counts.passed} (${percent(passRate)})`],
          [REPORT.passMark[lang], String(graded[0]!.pass)],
        ] as [string, string][])),
  ];
  const body = html`<header><p class="crumb">chaos grade <span>${roster}</span></p><h1>${say('title')}</h1>
    <dl class="facts">${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl></header>
    <main><section><h2>${say('stacks')}</h2>${overview(summary)}</section>
    ${counts.graded === 0 ? html`<section><p>${say('none')}</p></section>` : figures(summary)}
    ${graded.map((one, i) => submission(one, i, lang))}</main>`;
  return documentOf(`chaos: ${say('title')}`, body, undefined, lang);
}

function overview({ stacks, lang, criteria }: ClassSummary): Html {
  const say = (key: keyof typeof CLASS) => CLASS[key][lang];
  let section = 0;
  const rows = stacks.map((one) => {
    const host = html`<td>${one.host ?? html`<span class="dim">${say('filesAlone')}</span>`}</td>`;
    if (!('grade' in one))
      return html`<tr><th scope="row">${one.name}<p class="reason">${reasonOf(one)}</p></th>${host}<td></td>
        <td><span class="outcome">${say('notGraded')}</span></td>${criteria.map(() => html`<td></td>`)}</tr>`;
    const { score, passed, criteria: points } = one.grade;
    return html`<tr><th scope="row"><a href="#s${section++}">${one.name}</a></th>${host}<td class="number">${score}</td>
      <td><span class="outcome ${passed ? 'on-time' : 'missed'}">${REPORT[passed ? 'passed' : 'failed'][lang]}</span></td>
      ${points.map((each) => html`<td class="number">${each.points}</td>`)}</tr>`;
  });
  // Their titles would be wider than the window; the means below have them.
  const ids = criteria.map(({ id }) => id);
  return table(say('stacks'), [say('name'), say('host'), say('score'), say('verdict'), ...ids], rows);
}

function figures({ scores, histogram, criteria, mistakes, counts, lang }: ClassSummary): Html {
  const say = (key: keyof typeof CLASS) => CLASS[key][lang];
  const { mean, median, lowerQuartile, upperQuartile, min, max } = scores!;
  const most = Math.max(...histogram.map(({ count }) => count));
  const told: [string, string][] = [
    [say('median'), String(median)],
    [say('quartiles'), `${lowerQuartile}, ${upperQuartile}`],
    [say('mean'), String(mean)],
    [say('range'), `${min}, ${max}`],
  ];
  // In percent of its picture, so that it is as wide as the window lets it be.
  const bars = histogram.map(({ from, to, count }) => {
    const width = most > 0 ? Math.round((count / most) * 1000) / 10 : 0;
    return html`<div class="row"><div class="name">${from} – ${to}: ${count}</div><svg aria-hidden="true" height="14"><rect class="bar load" width="${width}%" height="14"></rect></svg></div>`;
  });
  const means = criteria.map(
    ({ id, of, mean: points }) =>
      html`<tr><th scope="row">${CRITERION_TITLES[id][lang]}</th><td class="number">${points}</td><td class="number">${of}</td></tr>`,
  );
  const made = mistakes.map(
    ({ id, stacks, points, example: { stack, file, line, message, fix } }) =>
      html`<tr><th scope="row">${id}</th><td class="number">${stacks} ${say('of')} ${counts.graded}</td><td class="number">${points}</td>
      <td>${stack} <code>${file}:${line}</code><p class="reason">${message}</p></td><td>${fix}</td></tr>`,
  );
  return html`<section><h2>${say('distribution')}</h2>
    <dl class="facts">${told.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>
    <div class="timeline">${bars}</div><p class="reason">${say('method')}</p></section>
    <section><h2>${say('criteria')}</h2>${table(say('criteria'), [REPORT.criterion[lang], say('mean'), REPORT.of[lang]], means)}</section>
    <section><h2>${say('mistakes')}</h2>${made.length === 0 ? html`<p>${say('noMistakes')}</p>` : table(say('mistakes'), [say('mistake'), say('stacks'), say('lost'), say('example'), REPORT.fix[lang]], made)}</section>`;
}
