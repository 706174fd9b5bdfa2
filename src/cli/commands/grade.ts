import type { CommandModule } from 'yargs';
import { ChaosError, EXIT_CODES } from '../../core/errors.ts';
import type { Grade } from '../../grade/grade.ts';
import type { StackNames } from '../../grade/live/find-stack.ts';
import type { Grading } from '../../grade/live/grade-stack.ts';
import type { Lang } from '../../grade/messages/words.ts';
import type { Rubric } from '../../grade/rubric.ts';
import { helpEnd, jsonOption } from '../options.ts';
import { say, sayJson, tell } from '../terminal.ts';

interface Args {
  dir: string[];
  static: boolean;
  prometheus?: string;
  alertmanager?: string;
  'compose-project'?: string;
  lang: Lang;
  html?: string;
  csv?: string;
  rubric?: string;
  reports: string;
  json: boolean;
}

const command: CommandModule<object, Args> = {
  command: 'grade [dir..]',
  describe: "grade a learner's stack by the lab's rubric, with what each lost point needs",
  builder: (yargs) =>
    yargs
      .positional('dir', {
        type: 'string',
        array: true,
        default: [],
        describe: 'folder of a submission; its stack is the one that was started from it',
      })
      .option('static', {
        type: 'boolean',
        default: false,
        describe: 'from the files alone, starting nothing and touching nothing',
      })
      .option('compose-project', { type: 'string', describe: 'the stack by its name in Docker' })
      .option('prometheus', { type: 'string', describe: 'its Prometheus, where that is not published' })
      .option('alertmanager', { type: 'string', describe: 'its Alertmanager, likewise' })
      .option('lang', { choices: ['en', 'fr'] as const, default: 'en', describe: 'language of the feedback' })
      .option('html', { type: 'string', describe: 'also write a page of it to this file' })
      .option('csv', {
        type: 'string',
        describe: 'also write a table of it to this file, a line a submission',
      })
      .option('rubric', { type: 'string', describe: "a teacher's own weights; docs/grading.md" })
      .option('reports', { type: 'string', default: 'reports', describe: 'folder for records of incidents' })
      .option('json', jsonOption('print it as JSON; an array where several are graded'))
      .example('$0 grade my-stack', 'its files, and the stack that was started from them, in three incidents')
      .example('$0 grade --compose-project techshop --lang fr', 'a stack by its name, in French')
      .example('$0 grade class/* --static --csv class.csv --html class.html', 'the files of a whole class')
      .epilogue(
        helpEnd(
          '0 every score is at least the pass mark; 1 one is under it; 2 bad usage, or a bad rubric; 3 Docker does not answer, or not everything could be taken back; 4 not everything could be told; 130 interrupted, undone',
          'grading',
        ),
      ) as never,
  async handler({
    dir: dirs,
    static: fromFiles,
    lang,
    html,
    csv: csvFile,
    rubric: rubricFile,
    json,
    ...named
  }) {
    const { prometheus, alertmanager, 'compose-project': project, reports } = named;
    const stack = { project, prometheus, alertmanager };
    const isNamed = Object.values(stack).some((one) => one !== undefined);
    requireOneMeaning(dirs, fromFiles, isNamed);
    const { readRubric } = await import('../../grade/rubric.ts');
    const rubric = readRubric(rubricFile);
    const grades = fromFiles
      ? await gradeFiles(dirs, rubric, lang)
      : await gradeRunning(dirs.length > 0 ? dirs.map((dir) => ({ dir, ...stack })) : [stack], {
          rubric,
          lang,
          reports,
        });
    const written = [
      ...(html === undefined
        ? []
        : [{ file: html, text: (await import('../../grade/page.ts')).gradePage(grades, lang) }]),
      ...(csvFile === undefined
        ? []
        : [{ file: csvFile, text: (await import('../../grade/csv.ts')).csv(grades) }]),
    ];
    if (json) sayJson(grades.length === 1 ? grades[0] : grades);
    else {
      const { showGrade } = await import('../show-grade.ts');
      for (const line of grades.flatMap((one) => [...showGrade(one), ''])) say(line);
    }
    const { writeText } = await import('../../report/pages.ts');
    for (const { file, text } of written) tell(`written: ${await writeText(file, text)}`);
    const outcome = grades.some(({ live }) => live?.undecided)
      ? 'inconclusive'
      : grades.every(({ passed }) => passed)
        ? 'pass'
        : 'fail';
    process.exitCode = EXIT_CODES[outcome].code;
  },
};

/** @throws ChaosError `usage` for what could mean several things, or nothing */
function requireOneMeaning(dirs: readonly string[], fromFiles: boolean, isNamed: boolean): void {
  const complain = (message: string, hint: string) => {
    throw new ChaosError('usage', message, { hint });
  };
  if (dirs.length === 0 && !isNamed)
    complain('Nothing says which stack is to be graded.', 'chaos grade DIR, or --compose-project NAME');
  if (fromFiles && (isNamed || dirs.length === 0))
    complain('--static grades files alone, so it takes folders and no servers.', 'chaos grade DIR --static');
  if (dirs.length > 1 && isNamed)
    complain('Several folders cannot be one stack.', 'name one folder, or leave the stack to be found');
}

async function gradeFiles(dirs: readonly string[], rubric: Rubric, lang: Lang): Promise<Grade[]> {
  const [{ grade }, { readSubmission }, { withPromtool }] = await Promise.all([
    import('../../grade/grade.ts'),
    import('../../grade/submission.ts'),
    import('../../grade/promtool.ts'),
  ]);
  return dirs.map((dir) => grade(withPromtool(readSubmission(dir)), rubric, lang));
}

/** One after the other, as each has the machine to itself while something is broken in it. */
async function gradeRunning(
  stacks: readonly StackNames[],
  by: Pick<Grading, 'rubric' | 'lang' | 'reports'>,
): Promise<Grade[]> {
  const [{ gradeStack }, { systemClock }, { listenForInterrupt }, { version }] = await Promise.all([
    import('../../grade/live/grade-stack.ts'),
    import('../../core/clock.ts'),
    import('../interrupt.ts'),
    import('../version.ts'),
  ]);
  const interrupt = listenForInterrupt(stacks[0]?.project ?? stacks[0]?.dir ?? 'the stack');
  const grades: Grade[] = [];
  try {
    for (const names of stacks)
      grades.push(
        await gradeStack(names, {
          ...by,
          clock: systemClock,
          signal: interrupt.signal,
          version: version(),
          say: tell,
        }),
      );
  } finally {
    interrupt.end();
  }
  return grades;
}

export default command;
