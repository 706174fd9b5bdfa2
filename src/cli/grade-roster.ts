import { join, parse } from 'node:path';
import { systemClock } from '../core/clock.ts';
import { ChaosError, EXIT_CODES } from '../core/errors.ts';
import { didYouMean } from '../core/suggest.ts';
import { gradeClass, type StackResult } from '../grade/class/grade-class.ts';
import { gradeEntry } from '../grade/class/grade-one.ts';
import { filesAlone, type Roster, readRoster } from '../grade/class/roster.ts';
import { openStore } from '../grade/class/store.ts';
import { type ClassSummary, summarise } from '../grade/class/summary.ts';
import type { Lang } from '../grade/messages/words.ts';
import { readRubric } from '../grade/rubric.ts';
import { writeText } from '../report/pages.ts';
import { classView } from './class-view.ts';
import { worstOf } from './exit-codes.ts';
import { outcomeOf } from './grade-stacks.ts';
import { listenForInterruptOfClass } from './interrupt.ts';
import { showClass } from './show-class.ts';
import { say, sayJson, tell } from './terminal.ts';
import { version } from './version.ts';

interface Request {
  roster: string;
  static: boolean;
  lang: Lang;
  html?: string;
  csv?: string;
  rubric?: string;
  out?: string;
  again?: string[];
  reports: string;
  json: boolean;
}

/** Grades a class, or goes on where it was left. @returns the exit code */
export async function gradeRoster(asked: Request): Promise<number> {
  const read = readRoster(asked.roster);
  const roster = asked.static ? filesAlone(read) : read;
  const rubric = readRubric(asked.rubric ?? roster.rubric);
  const again = namesOf(roster, asked.again);
  const { dir, name } = parse(asked.roster);
  const out = asked.out ?? join(dir, `${name}.grades`);
  const store = await openStore(out);
  const interrupt = listenForInterruptOfClass();
  const { signal } = interrupt;
  const view = classView(roster, asked.lang, systemClock, process.stderr);
  let stacks: StackResult[];
  try {
    stacks = await gradeClass({
      ...{
        roster,
        rubric,
        lang: asked.lang,
        version: version(),
        reports: asked.reports,
        store,
        again,
        signal,
      },
      clock: systemClock,
      gradeOne: gradeEntry,
      openHost: async (at, signal) => (await import('../docker/host.ts')).openHost(at, { signal }),
      on: view.on,
    });
  } finally {
    view.end();
    interrupt.end();
    await store.close();
  }
  const summary = summarise(roster.file, asked.lang, stacks);
  if (asked.json) sayJson(summary);
  else for (const line of showClass(summary)) say(line);
  await writeFiles(summary, asked);
  tell(`grades are kept in ${out}`);
  const interrupted = signal.aborted ? [EXIT_CODES.interrupted.code] : [];
  return worstOf([...interrupted, ...stacks.map(codeOf)]);
}

function codeOf(one: StackResult): number {
  if (!('grade' in one)) return EXIT_CODES.notReady.code;
  return EXIT_CODES[outcomeOf(one.grade)].code;
}

/** @throws ChaosError `usage` for a name that is not in the class */
function namesOf({ stacks, file }: Roster, again: readonly string[] | undefined): Set<string> {
  const known = stacks.map(({ name }) => name);
  // `--again` without a name is all of them.
  if (again?.length === 0) return new Set(known);
  const unknown = again?.find((one) => !known.includes(one));
  if (unknown !== undefined)
    throw new ChaosError('usage', `There is no stack ${unknown} in ${file}.`, {
      hint: didYouMean(unknown, known) ?? 'its names stand under stacks:',
    });
  return new Set(again);
}

async function writeFiles(summary: ClassSummary, { html, csv: csvFile }: Request): Promise<void> {
  if (html !== undefined) {
    const { classPage } = await import('../grade/class/page.ts');
    tell(`written: ${await writeText(html, classPage(summary))}`);
  }
  if (csvFile === undefined) return;
  const { csv } = await import('../grade/csv.ts');
  const graded = summary.stacks.flatMap((one) => ('grade' in one ? [{ ...one.grade, dir: one.name }] : []));
  const others = summary.stacks.flatMap((one) => ('grade' in one ? [] : [one.name]));
  tell(`written: ${await writeText(csvFile, csv(graded, others))}`);
}
