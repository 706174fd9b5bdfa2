import type { CommandModule } from 'yargs';
import { ChaosError, EXIT_CODES } from '../../core/errors.ts';
import type { Lang } from '../../grade/messages/words.ts';
import { helpEnd, jsonOption } from '../options.ts';
import { say, sayJson, tell } from '../terminal.ts';

interface Args {
  dir: string[];
  static: boolean;
  'docker-host'?: string;
  'compose-project'?: string;
  prometheus?: string;
  alertmanager?: string;
  lang: Lang;
  html?: string;
  csv?: string;
  rubric?: string;
  reports: string;
  json: boolean;
  roster?: string;
  out?: string;
  again?: string[];
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
      .option('docker-host', {
        type: 'string',
        describe: 'where it runs: a Docker context, or a unix://, ssh:// or tcp:// URL',
      })
      .option('prometheus', { type: 'string', describe: 'URL of its Prometheus, where none is published' })
      .option('alertmanager', { type: 'string', describe: 'the same of its Alertmanager' })
      .option('lang', { choices: ['en', 'fr'] as const, default: 'en', describe: 'language of the feedback' })
      .option('html', { type: 'string', describe: 'also write a page of it to this file' })
      .option('csv', {
        type: 'string',
        describe: 'also write a table of it to this file, a line a submission',
      })
      .option('rubric', { type: 'string', describe: "a teacher's own weights; docs/grading.md" })
      .option('reports', { type: 'string', default: 'reports', describe: 'folder for records of incidents' })
      .option('json', jsonOption('print it as JSON; an array where several are graded'))
      .option('roster', {
        type: 'string',
        describe: 'a class: its stacks, and the Docker hosts they run on; docs/grading.md',
      })
      .option('out', {
        type: 'string',
        describe: "where a class's grades are kept; by default class.grades beside class.yaml",
      })
      .option('again', {
        type: 'string',
        array: true,
        describe: 'of a class: grade these again even if nothing has changed; without a name, all',
      })
      .example('$0 grade my-stack', 'its files, and the stack that was started from them, in three incidents')
      .example('$0 grade --compose-project techshop --lang fr', 'a stack by its name, in French')
      .example('$0 grade class/* --static --csv class.csv --html class.html', 'the files of many')
      .example(
        '$0 grade --roster class.yaml --html class.html',
        'a class on many hosts, begun or gone on with',
      )
      .epilogue(
        helpEnd(
          '0 every score is at least the pass mark; 1 one is under it; 2 bad usage, or a bad rubric or roster; 3 one could not be graded, or not everything could be taken back; 4 not everything could be told; 130 interrupted, what was done is taken back and what is finished is kept',
          'grading',
        ),
      ) as never,
  async handler(args) {
    const { dir: dirs, static: fromFiles, lang, html, csv: csvFile, rubric: rubricFile, json, roster } = args;
    requireOneMeaning(args);
    if (roster !== undefined) {
      const { gradeRoster } = await import('../grade-roster.ts');
      process.exitCode = await gradeRoster({ ...args, roster });
      return;
    }
    const [{ readRubric }, { gradeFiles, gradeRunning }] = await Promise.all([
      import('../../grade/rubric.ts'),
      import('../grade-stacks.ts'),
    ]);
    const rubric = readRubric(rubricFile);
    const grades = fromFiles
      ? await gradeFiles(dirs, rubric, lang)
      : await gradeRunning(dirs, stackOf(args), { rubric, lang, reports: args.reports });
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
    const { outcomeOf } = await import('../grade-stacks.ts');
    process.exitCode = Math.max(...grades.map((one) => EXIT_CODES[outcomeOf(one)].code));
  },
};

const stackOf = (args: Args) => ({
  project: args['compose-project'],
  host: args['docker-host'],
  prometheus: args.prometheus,
  alertmanager: args.alertmanager,
});

/** @throws ChaosError `usage` for what could mean several things, or nothing */
function requireOneMeaning(args: Args): void {
  const { dir: dirs, static: fromFiles, roster, out, again } = args;
  const { project, prometheus, ...rest } = stackOf(args);
  const named = [project, prometheus, ...Object.values(rest)].some((one) => one !== undefined);
  const complain = (
    message: string,
    hint = 'chaos grade DIR, --compose-project NAME, or --roster class.yaml',
  ) => {
    throw new ChaosError('usage', message, { hint });
  };
  if (roster !== undefined) {
    if (dirs.length > 0)
      complain(`Both a roster and ${dirs.length === 1 ? 'a folder' : 'folders'}: one of them.`);
    if (named) complain('A roster says itself where each stack runs.');
    return;
  }
  if (out !== undefined || again !== undefined)
    complain(`--${out === undefined ? 'again' : 'out'} is for a class: --roster.`);
  if (fromFiles && named) complain('--static grades files alone, so it takes folders and no servers.');
  if (dirs.length === 0 && (fromFiles || (project === undefined && prometheus === undefined)))
    complain('Nothing to grade: a folder, a stack or a roster is missing.');
  if (dirs.length > 1 && named) complain('Several folders cannot be one stack.');
}

export default command;
