import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { ChaosError, messageOf, type Problem } from '../core/errors.ts';
import { linesOf, problemAt } from '../core/positions.ts';
import { inOrder } from '../core/problems.ts';
import { readText } from '../core/read-file.ts';
import { openSource } from '../core/yaml-source.ts';
import { problemsOf } from '../scenario/problems.ts';
import type { DeclaredStep } from './step.ts';
import { STEPS } from './steps/index.ts';

/** What stands in the section: a block of YAML, or words for a person. */
const HEADING = '## Automated';
const KIND = { called: 'the block under ## Automated', begins: 'steps:' };
const MOST_STEPS = 10;
/** In bytes. */
const MOST_BYTES = 64 * 1024;
const MOST_PAGES = 500;
/** A name as Prometheus' own rules have them; it becomes a part of a folder's name. */
const NAME = /^[A-Za-z_]\w{0,99}$/;

/** What is to be done about one alert: for people, and, where a machine may begin, as steps. */
export interface Runbook {
  /** The alert it is for: the name of its file. */
  alert: string;
  file: string;
  /** The page as it is written, in Markdown. */
  text: string;
  /** None where only a person can decide. */
  steps: DeclaredStep[];
}

const entry = z
  .strictObject(Object.fromEntries(STEPS.map(({ type, value }) => [type, value.optional()])))
  .refine((given) => Object.keys(given).length === 1, 'must be one step, as container-start: api');

const schema = z.strictObject({ steps: z.array(entry).min(1).max(MOST_STEPS) });

/** Reads a page's text; either a runbook or at least one problem comes back. */
export function readRunbook(
  text: string,
  file: string,
  alert: string,
): { runbook?: Runbook; problems: Problem[] } {
  const at = (line: number, message: string, hint?: string) => {
    const lines = linesOf(text);
    return problemAt({ file, text, lines }, lines.lineStarts[line] ?? 0, message, hint);
  };
  const lines = text.split(/\r?\n/);
  const begins = lines.indexOf(HEADING);
  const problems: Problem[] = [];
  if (lines[0] !== `# ${alert}`) problems.push(at(0, `a runbook begins with its alert: # ${alert}`));
  if (begins < 0)
    problems.push(at(0, `there is no ${HEADING}`, 'with steps in a block of yaml, or why a person decides'));
  const ends = lines.findIndex((line, index) => index > begins && /^#{1,2} /.test(line));
  const inSection = (index: number) => begins >= 0 && index > begins && (ends < 0 || index < ends);
  const fences = lines.flatMap((line, index) => (/^\s*(```|~~~)\s*ya?ml\b/.test(line) ? [index] : []));
  // Steps that stand elsewhere would be taken for ones that are done.
  for (const index of fences.filter((one) => !inSection(one)))
    problems.push(at(index, `a block of yaml that is not under ${HEADING}`));
  const [fence, second] = fences.filter(inSection);
  if (second !== undefined) problems.push(at(second, `a second block of yaml under ${HEADING}`));
  const steps = fence === undefined ? [] : stepsIn(lines, fence, file, at, problems);
  return problems.length > 0
    ? { problems: inOrder(problems) }
    : { runbook: { alert, file, text, steps }, problems };
}

type At = (line: number, message: string, hint?: string) => Problem;

/** The steps of the block that begins at a line; what is wrong with it goes to the problems. */
function stepsIn(
  lines: readonly string[],
  fence: number,
  file: string,
  at: At,
  problems: Problem[],
): DeclaredStep[] {
  const end = lines.findIndex((line, index) => index > fence && /^\s*(```|~~~)\s*$/.test(line));
  if (end < 0) {
    problems.push(at(fence, 'this block has no end'));
    return [];
  }
  // Lines before it left empty, so that places in the block are places in the page.
  const block = lines.map((line, index) => (index > fence && index < end ? line : '')).join('\n');
  const { source, plain, problems: broken } = openSource(block, file, KIND);
  if (!plain) {
    problems.push(...broken.map((one) => (one.line > fence + 1 ? one : { ...at(fence, one.message) })));
    return [];
  }
  const parsed = schema.safeParse(plain);
  if (!parsed.success) {
    const { issues } = parsed.error;
    const unknown = issues
      .filter(({ code }) => code === 'unrecognized_keys')
      .map(({ path }) => path.join('.'));
    // An entry whose one key is misspelt would be told to be none as well.
    const told = issues.filter(({ code, path }) => code !== 'custom' || !unknown.includes(path.join('.')));
    const found = problemsOf(source, plain, told, schema);
    problems.push(...(found.length > 0 ? found : [at(fence, messageOf(parsed.error))]));
    return [];
  }
  return parsed.data.steps.flatMap((one) =>
    STEPS.filter(({ type }) => one[type] !== undefined).map((step) => {
      const value = one[step.type];
      return { step, target: step.target(value), value };
    }),
  );
}

/**
 * Every runbook of a folder, by its alert. An alert's name is looked up here and never made into a path.
 * @throws ChaosError `usage` where there is no such folder, `bad-file` with every problem of every page
 */
export function readRunbooks(dir: string): Map<string, Runbook> {
  if (!existsSync(dir))
    throw new ChaosError('usage', `There is no folder ${dir}.`, {
      hint: 'one page an alert, as in stack/runbooks of this package',
    });
  const names = readdirSync(dir).filter((name) => name.endsWith('.md') && NAME.test(name.slice(0, -3)));
  const problems: Problem[] = [];
  const runbooks = new Map<string, Runbook>();
  for (const name of names.sort().slice(0, MOST_PAGES)) {
    const file = join(dir, name);
    const read = readText(file, 'a runbook', { mostBytes: MOST_BYTES });
    const { runbook, problems: found } =
      'text' in read ? readRunbook(read.text, file, name.slice(0, -3)) : { problems: [read.problem] };
    problems.push(...found);
    if (runbook) runbooks.set(runbook.alert, runbook);
  }
  if (problems.length === 0) return runbooks;
  throw new ChaosError('bad-file', `The runbooks of ${dir} cannot be used; nothing was touched.`, {
    problems,
  });
}
