import { join } from 'node:path';
import * as z from 'zod';
import { ChaosError, type Problem } from '../core/errors.ts';
import { PACKAGE_DIR } from '../core/paths.ts';
import { problemAtKey } from '../core/positions.ts';
import { inOrder } from '../core/problems.ts';
import { readText } from '../core/read-file.ts';
import { openSource } from '../core/yaml-source.ts';
import { problemsOf } from '../scenario/problems.ts';
import { CHECK_TITLES, type CheckId, CRITERION_TITLES, type CriterionId } from './messages/titles.ts';

/** What criteria and checks are worth, and from which score a submission passes. */
export interface Rubric {
  pass: number;
  criteria: Record<CriterionId, number>;
  checks: Record<CheckId, number>;
}

/** The lab's own, which a teacher may copy and change. */
export const RUBRIC_FILE = join(PACKAGE_DIR, 'src/grade/rubric.yaml');

const TOTAL = 100;
const KIND = { called: 'a rubric', begins: 'pass:' };
const points = z.number().min(0).max(TOTAL);
const keys = <Key extends string>(record: Record<Key, unknown>) => Object.keys(record) as Key[];
const checksOf = (criterion: string) =>
  keys(CHECK_TITLES)
    .filter((id) => id.startsWith(`${criterion}.`))
    .map((id) => ({ id, key: id.slice(criterion.length + 1) }));

const schema = z.strictObject({
  pass: points,
  criteria: z.strictObject(
    Object.fromEntries(
      keys(CRITERION_TITLES).map((id) => [
        id,
        z.strictObject({
          points,
          checks: z.strictObject(Object.fromEntries(checksOf(id).map(({ key }) => [key, points]))),
        }),
      ]),
    ),
  ),
});

/** Reads a rubric's text: either the rubric or every mistake in it, wrong sums included, each with its place. */
export function parseRubric(text: string, file: string): { rubric?: Rubric; problems: Problem[] } {
  const { source, plain, problems: broken } = openSource(text, file, KIND);
  if (!plain) return { problems: inOrder(broken) };
  const parsed = schema.safeParse(plain);
  if (!parsed.success) {
    const problems = problemsOf(source, plain, parsed.error.issues, schema);
    return { problems: inOrder(problems) };
  }
  const { pass, criteria } = parsed.data;
  const problems: Problem[] = [];
  const wrongSum = (path: string[], key: string, sum: number, wanted: number) => {
    // Tenths, as 0.1 + 0.2 is not 0.3.
    if (Math.round(sum * 1000) !== Math.round(wanted * 1000))
      problems.push(
        problemAtKey(source, path, key, `these add up to ${round(sum)}, and not to ${round(wanted)}`),
      );
  };
  const rubric: Rubric = { pass, criteria: {} as Rubric['criteria'], checks: {} as Rubric['checks'] };
  for (const id of keys(CRITERION_TITLES)) {
    const { points: worth, checks } = criteria[id]!;
    wrongSum(['criteria', id], 'checks', sumOf(Object.values(checks)), worth);
    rubric.criteria[id] = worth;
    for (const { id: check, key } of checksOf(id)) rubric.checks[check] = checks[key]!;
  }
  wrongSum([], 'criteria', sumOf(Object.values(rubric.criteria)), TOTAL);
  return problems.length > 0 ? { problems: inOrder(problems) } : { rubric, problems };
}

/** A rubric from a file. @throws ChaosError `bad-file` with every mistake */
export function readRubric(file = RUBRIC_FILE): Rubric {
  const read = readText(file, KIND.called);
  const { rubric, problems } =
    'text' in read ? parseRubric(read.text, file) : { rubric: undefined, problems: [read.problem] };
  if (!rubric)
    throw new ChaosError('bad-file', `${file} is no rubric.`, {
      problems,
      hint: `the lab's own is ${RUBRIC_FILE}: copy it and change its figures`,
    });
  return rubric;
}

function sumOf(all: readonly number[]): number {
  return all.reduce((sum, one) => sum + one, 0);
}

function round(sum: number): number {
  return Number(sum.toFixed(3));
}
