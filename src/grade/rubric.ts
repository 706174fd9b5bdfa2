import { join } from 'node:path';
import * as z from 'zod';
import { ChaosError, type Problem } from '../core/errors.ts';
import { PACKAGE_DIR } from '../core/paths.ts';
import { problemAtKey } from '../core/positions.ts';
import { inOrder } from '../core/problems.ts';
import { readText } from '../core/read-file.ts';
import { openSource } from '../core/yaml-source.ts';
import { problemsOf } from '../scenario/problems.ts';
import {
  CHECK_TITLES,
  type CheckId,
  CRITERION_TITLES,
  type CriterionId,
  LIVE_TITLES,
  type LiveCheckId,
} from './messages/titles.ts';

/** What criteria and checks are worth, and from which score a submission passes. */
export interface Rubric {
  pass: number;
  criteria: Record<CriterionId, number>;
  /** Of what files prove; for a grade of files alone. */
  checks: Record<CheckId, number>;
  /** Of what only a stack that runs can show, out of the same points. */
  live: Record<LiveCheckId, number>;
}

/** The lab's own, which a teacher may copy and change. */
export const RUBRIC_FILE = join(PACKAGE_DIR, 'src/grade/rubric.yaml');

const TOTAL = 100;
const KIND = { called: 'a rubric', begins: 'pass:' };
const points = z.number().min(0).max(TOTAL);
const keys = <Key extends string>(record: Record<Key, unknown>) => Object.keys(record) as Key[];
const checksOf = <Id extends string>(titles: Record<Id, unknown>, criterion: string) =>
  keys(titles)
    .filter((id) => id.startsWith(`${criterion}.`))
    .map((id) => ({ id, key: id.slice(criterion.length + 1) }));
const worths = (titles: Record<string, unknown>, criterion: string) =>
  z.strictObject(Object.fromEntries(checksOf(titles, criterion).map(({ key }) => [key, points])));

const schema = z.strictObject({
  pass: points,
  criteria: z.strictObject(
    Object.fromEntries(
      keys(CRITERION_TITLES).map((id) => [
        id,
        z.strictObject({
          points,
          checks: worths(CHECK_TITLES, id),
          live: worths(LIVE_TITLES, id),
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
  const rubric = { pass, criteria: {}, checks: {}, live: {} } as Rubric;
  for (const id of keys(CRITERION_TITLES)) {
    const { points: worth, checks, live } = criteria[id]!;
    wrongSum(['criteria', id], 'checks', sumOf(Object.values(checks)), worth);
    rubric.criteria[id] = worth;
    const alive = sumOf(Object.values(live));
    if (Math.round(alive * 1000) > Math.round(worth * 1000))
      problems.push(
        problemAtKey(
          source,
          ['criteria', id],
          'live',
          `these add up to ${round(alive)}, and the criterion has ${round(worth)}`,
        ),
      );
    for (const { id: check, key } of checksOf(CHECK_TITLES, id)) rubric.checks[check] = checks[key]!;
    for (const { id: check, key } of checksOf(LIVE_TITLES, id)) rubric.live[check] = live[key]!;
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

/**
 * What each check of a criterion is worth where its stack runs as well: those of files share what the live ones leave, in
 * their proportions. In tenths that add up to it, by largest remainders.
 */
export function worthAlive(rubric: Rubric, criterion: CriterionId): Map<CheckId, number> {
  const checks = checksOf(CHECK_TITLES, criterion).map(({ id }) => ({ id, of: rubric.checks[id] }));
  const alive = sumOf(checksOf(LIVE_TITLES, criterion).map(({ id }) => rubric.live[id]));
  const whole = sumOf(checks.map(({ of }) => of));
  const rest = Math.round((rubric.criteria[criterion] - alive) * 10);
  const exact = checks.map(({ id, of }) => ({ id, tenths: whole === 0 ? 0 : (of / whole) * rest }));
  const worths = new Map(exact.map(({ id, tenths }) => [id, Math.floor(tenths + 1e-9)]));
  const left = rest - sumOf([...worths.values()]);
  const nearest = [...exact].sort((a, b) => (b.tenths % 1) - (a.tenths % 1));
  for (const { id } of nearest.slice(0, Math.max(0, left))) worths.set(id, worths.get(id)! + 1);
  return new Map([...worths].map(([id, tenths]) => [id, tenths / 10]));
}
