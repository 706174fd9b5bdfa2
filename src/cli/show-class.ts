import chalk from 'chalk';
import Table from 'cli-table3';
import { shortened, visible } from '../core/visible.ts';
import { type ClassSummary, percent, reasonOf } from '../grade/class/summary.ts';
import { CLASS } from '../grade/messages/class.ts';
import { CRITERION_TITLES, REPORT } from '../grade/messages/titles.ts';

const BAR = 30;
/** More than this nobody reads in a terminal; the page and the JSON have them all. */
const MOST_MISTAKES = 12;
const LONGEST = 160;

/** A class for a terminal: who has what, how the scores lie, and what went wrong the most. */
export function showClass(summary: ClassSummary): string[] {
  const { lang, counts, roster, stacks } = summary;
  const say = (key: keyof typeof CLASS) => CLASS[key][lang];
  // A host that is down has many.
  const without = new Map<string, string[]>();
  for (const one of stacks)
    if (!('grade' in one)) without.set(reasonOf(one), [...(without.get(reasonOf(one)) ?? []), one.name]);
  return [
    `${chalk.bold(visible(roster))}  ${counts.graded} ${say('of')} ${counts.stacks} ${say('graded')}`,
    tableOf(summary),
    ...[...without].map(
      ([reason, names]) =>
        `${chalk.yellow(visible(names.join(', ')))} ${say('notGraded')}: ${visible(reason)}`,
    ),
    '',
    ...(counts.graded === 0 ? [say('none')] : figures(summary)),
  ];
}

function tableOf({ stacks, criteria, lang }: ClassSummary): string {
  const say = (key: keyof typeof CLASS) => CLASS[key][lang];
  const head = [say('name'), say('host'), say('score'), say('verdict'), ...criteria.map(({ id }) => id)];
  const table = new Table({
    head: head.map((one) => chalk.dim(one)),
    style: { head: [], border: [], compact: true },
    colAligns: ['left', 'left', 'right', 'left', ...criteria.map(() => 'right' as const)],
  });
  for (const one of stacks) {
    const first = [visible(one.name), visible(one.host ?? say('filesAlone'))];
    if (!('grade' in one)) {
      table.push([...first, '', chalk.yellow(say('notGraded')), ...criteria.map(() => '')]);
      continue;
    }
    const { score, passed, criteria: points } = one.grade;
    const verdict = passed ? chalk.green(REPORT.passed[lang]) : chalk.red(REPORT.failed[lang]);
    table.push([...first, String(score), verdict, ...points.map((each) => String(each.points))]);
  }
  return table.toString();
}

function figures({ scores, passRate, counts, histogram, criteria, mistakes, lang }: ClassSummary): string[] {
  const say = (key: keyof typeof CLASS) => CLASS[key][lang];
  const { mean, median, lowerQuartile, upperQuartile, min, max } = scores!;
  const most = Math.max(...histogram.map(({ count }) => count));
  const bars = histogram.map(({ from, to, count }) => {
    const bar = '█'.repeat(Math.ceil((count / most) * BAR));
    return `  ${`${from}`.padStart(3)} – ${`${to}`.padEnd(3)}  ${chalk.cyan(bar)}${count > 0 ? ` ${count}` : ''}`;
  });
  const wide = Math.max(...criteria.map(({ id }) => CRITERION_TITLES[id][lang].length));
  return [
    chalk.bold(say('distribution')),
    ...bars,
    `  ${say('median')} ${median}, ${say('quartiles')} ${lowerQuartile} – ${upperQuartile}, ${say('mean')} ${mean}, ${say('range')} ${min} – ${max}`,
    `  ${say('passRate')}: ${counts.passed} ${say('of')} ${counts.graded} (${percent(passRate!)})`,
    chalk.dim(`  ${say('method')}`),
    '',
    chalk.bold(say('criteria')),
    ...criteria.map(
      ({ id, of, mean: points }) =>
        `  ${CRITERION_TITLES[id][lang].padEnd(wide)}  ${String(points).padStart(5)} ${chalk.dim(`/ ${of}`)}`,
    ),
    '',
    chalk.bold(mistakes.length > 0 ? say('mistakes') : say('noMistakes')),
    ...mistakes
      .slice(0, MOST_MISTAKES)
      .flatMap(({ id, stacks, points, example: { stack, file, line, message } }) => [
        `  ${String(stacks).padStart(3)} ${say('of')} ${counts.graded}  ${chalk.yellow(`-${points}`.padStart(7))}  ${chalk.bold(visible(id))}`,
        `        ${chalk.dim(visible(`${say('example')} ${stack} ${file}:${line}`))}  ${visible(shortened(message, LONGEST))}`,
      ]),
    ...(mistakes.length > MOST_MISTAKES
      ? [chalk.dim(`  ${mistakes.length - MOST_MISTAKES} ${say('more')}: --html, --json`)]
      : []),
  ];
}
