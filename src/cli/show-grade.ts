import { join } from 'node:path';
import chalk from 'chalk';
import { visible } from '../core/visible.ts';
import type { Grade, GradedCriterion } from '../grade/grade.ts';
import { CHECKLIST, CRITERION_TITLES, howGraded, REPORT } from '../grade/messages/titles.ts';
import type { Lang } from '../grade/messages/words.ts';

const BAR = 20;

/** A grade for a terminal: points by criterion, then what would win the most of them back. */
export function showGrade(grade: Grade): string[] {
  const { dir, lang, score, pass, passed, findings, checklist, files, unread, promtool } = grade;
  const say = (key: keyof typeof REPORT) => REPORT[key][lang];
  const verdict = passed ? chalk.green(say('passed')) : chalk.red(say('failed'));
  return [
    `${chalk.bold(visible(dir))}  ${verdict}  ${chalk.bold(String(score))} ${say('of')} 100 ${chalk.dim(`(${say('passMark')} ${pass})`)}`,
    chalk.dim(howGraded(grade)[lang]),
    ...(grade.live?.undecided ? [chalk.yellow(say('undecided'))] : []),
    '',
    ...grade.criteria.map((one) => barOf(one, lang)),
    '',
    chalk.bold(findings.length > 0 ? say('findings') : say('noFindings')),
    ...findings.flatMap(({ points, file, line, message, fix }) => [
      `${chalk.yellow(`-${points}`.padStart(6))}  ${visible(`${join(dir, file)}:${line}`)}`,
      `        ${visible(message)}`,
      `        ${chalk.bold('→')} ${visible(fix)}`,
    ]),
    '',
    chalk.bold(say('checklist')),
    ...checklist.map(({ id, ready }) => {
      const mark = ready ? chalk.green('✓') : chalk.red('✗');
      return `  ${mark} ${CHECKLIST[id]![lang]} ${chalk.dim(`(${say(wordOf(grade, ready))})`)}`;
    }),
    '',
    ...incidentsOf(grade),
    `${say('files')}: ${visible(files.map(({ file }) => file).join(', ')) || say('none')}`,
    chalk.dim(`promtool: ${say(promtool ? 'promtoolRan' : 'promtoolAbsent')}`),
    ...(unread.length > 0 ? [`${say('unread')}:`, ...unread.map((one) => `  ${visible(one)}`)] : []),
  ];
}

/** Files can only not stand against it; of a stack that runs it was seen. */
function wordOf({ mode }: Grade, ready: boolean): keyof typeof REPORT {
  if (mode === 'live') return ready ? 'seen' : 'notSeen';
  return ready ? 'ready' : 'notReady';
}

function incidentsOf({ live, lang }: Grade): string[] {
  const carried = live?.incidents ?? [];
  if (carried.length === 0) return [];
  return [
    chalk.bold(REPORT.incidents[lang]),
    ...carried.map(({ id, record }) => `  ${id}: ${record === null ? REPORT.none[lang] : visible(record)}`),
    '',
  ];
}

function barOf({ id, points, of }: GradedCriterion, lang: Lang): string {
  const wide = Math.max(...Object.values(CRITERION_TITLES).map((title) => title[lang].length));
  const full = of > 0 ? Math.floor((points / of) * BAR) : BAR;
  const colour = points >= of ? chalk.green : points * 2 >= of ? chalk.yellow : chalk.red;
  const bar = colour('█'.repeat(full)) + chalk.dim('░'.repeat(BAR - full));
  return `  ${CRITERION_TITLES[id][lang].padEnd(wide)}  ${bar}  ${String(points).padStart(4)} ${chalk.dim(`/ ${of}`)}`;
}
