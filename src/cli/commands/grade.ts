import type { CommandModule } from 'yargs';
import { ChaosError, EXIT_CODES } from '../../core/errors.ts';
import type { Lang } from '../../grade/messages/words.ts';
import { helpEnd, jsonOption } from '../options.ts';
import { say, sayJson, tell } from '../terminal.ts';

interface Args {
  dir: string[];
  static: boolean;
  lang: Lang;
  html?: string;
  csv?: string;
  rubric?: string;
  json: boolean;
  roster?: string;
  out?: string;
  again?: string[];
}

const command: CommandModule<object, Args> = {
  command: 'grade [dir..]',
  describe: "grade a learner's stack by the lab's rubric, with what each lost point needs; touches nothing",
  builder: (yargs) =>
    yargs
      .positional('dir', {
        type: 'string',
        array: true,
        default: [],
        describe: 'folder of a submission',
      })
      .option('static', {
        type: 'boolean',
        default: false,
        describe: 'from the files alone, starting nothing',
      })
      .option('lang', { choices: ['en', 'fr'] as const, default: 'en', describe: 'language of the feedback' })
      .option('html', { type: 'string', describe: 'also write a page of it to this file' })
      .option('csv', {
        type: 'string',
        describe: 'also write a table of it to this file, a line a submission',
      })
      .option('rubric', { type: 'string', describe: "a teacher's own weights; docs/grading.md" })
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
      .example('$0 grade my-stack --static --lang fr', 'one stack, in French')
      .example('$0 grade class/* --static --csv class.csv --html class.html', 'a whole class')
      .example('$0 grade --roster class.yaml --html class.html', 'one on many hosts, begun or gone on with')
      .epilogue(
        helpEnd(
          '0 every score is at least the pass mark; 1 one is under it; 2 bad usage, or a bad rubric or roster; of a class also 3 one could not be graded; 130 interrupted, what is finished is kept',
          'grading',
        ),
      ) as never,
  async handler(args) {
    const { dir: dirs, static: fromFiles, lang, html, csv: csvFile, rubric: rubricFile, json, roster } = args;
    if (roster !== undefined && dirs.length === 0) {
      const { gradeRoster } = await import('../grade-roster.ts');
      process.exitCode = await gradeRoster({ ...args, roster });
      return;
    }
    refuseMixed(args);
    if (!fromFiles)
      throw new ChaosError(
        'usage',
        'Grading a stack that runs is not there yet; only its files can be graded.',
        {
          hint: `chaos grade ${dirs.join(' ')} --static`,
        },
      );
    const [{ grade }, { readRubric }, { readSubmission }, { withPromtool }] = await Promise.all([
      import('../../grade/grade.ts'),
      import('../../grade/rubric.ts'),
      import('../../grade/submission.ts'),
      import('../../grade/promtool.ts'),
    ]);
    const rubric = readRubric(rubricFile);
    const grades = dirs.map((dir) => grade(withPromtool(readSubmission(dir)), rubric, lang));
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
    process.exitCode = EXIT_CODES[grades.every(({ passed }) => passed) ? 'pass' : 'fail'].code;
  },
};

/** What is meant of a class alone, and what is graded at all. */
function refuseMixed({ dir, roster, out, again }: Args): void {
  const hint = 'chaos grade DIR --static, or chaos grade --roster class.yaml';
  if (roster !== undefined)
    throw new ChaosError(
      'usage',
      `Both a roster and ${dir.length === 1 ? 'a folder' : 'folders'}: one of them.`,
      { hint },
    );
  if (dir.length === 0)
    throw new ChaosError('usage', 'Nothing to grade: a folder or a roster is missing.', { hint });
  if (out !== undefined || again !== undefined)
    throw new ChaosError('usage', `--${out === undefined ? 'again' : 'out'} is for a class: --roster.`, {
      hint,
    });
}

export default command;
