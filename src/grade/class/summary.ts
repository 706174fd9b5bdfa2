import type { Grade, GradeFinding } from '../grade.ts';
import type { CriterionId } from '../messages/titles.ts';
import type { Lang } from '../messages/words.ts';
import type { StackResult } from './grade-class.ts';

/** A class in figures; as it is printed with `--json`. */
export interface ClassSummary {
  /** The file of the class. */
  roster: string;
  lang: Lang;
  /** How many there are. `notGraded` are those that could not be; no figure below counts them. */
  counts: { stacks: number; graded: number; passed: number; notGraded: number };
  /** The share of the graded that passed, 0 to 1; null where none was graded. */
  passRate: number | null;
  /** Of the scores; null where none was graded. */
  scores: Scores | null;
  /** How many scores are at least `from` and less than `to`, in ten steps; the last one counts 100 too. */
  histogram: { from: number; to: number; count: number }[];
  /** The mean of each criterion's points, to two decimals. */
  criteria: { id: CriterionId; of: number; mean: number }[];
  /** By how many stacks made them, then by what they cost. */
  mistakes: Mistake[];
  stacks: StackResult[];
}

export interface Scores {
  /** To two decimals, as all of these. */
  mean: number;
  min: number;
  lowerQuartile: number;
  median: number;
  upperQuartile: number;
  max: number;
  /** `linear`: quantile p of n sorted scores lies at place (n - 1)p, between two scores in proportion. */
  method: 'linear';
}

/** A kind of finding in a class. */
export interface Mistake {
  /** The finding's. */
  id: string;
  stacks: number;
  /** What it costs in all of them together. */
  points: number;
  /** The costliest of them. */
  example: { stack: string } & Pick<GradeFinding, 'file' | 'line' | 'message' | 'fix'>;
}

const BINS = 10;

/** Makes the figures of a class. Pure. */
export function summarise(roster: string, lang: Lang, stacks: readonly StackResult[]): ClassSummary {
  const graded = stacks.flatMap((one) => ('grade' in one ? [{ name: one.name, grade: one.grade }] : []));
  const scores = graded.map(({ grade }) => grade.score).sort((a, b) => a - b);
  const passed = graded.filter(({ grade }) => grade.passed).length;
  return {
    roster,
    lang,
    counts: {
      stacks: stacks.length,
      graded: graded.length,
      passed,
      notGraded: stacks.length - graded.length,
    },
    passRate: graded.length > 0 ? rounded(passed / graded.length, 4) : null,
    scores: scoresOf(scores),
    histogram: histogramOf(scores),
    criteria: meansOf(graded.map(({ grade }) => grade)),
    mistakes: mistakesOf(graded),
    stacks: [...stacks],
  };
}

function scoresOf(sorted: readonly number[]): Scores | null {
  if (sorted.length === 0) return null;
  return {
    mean: rounded(mean(sorted)),
    min: sorted[0]!,
    lowerQuartile: rounded(quantile(sorted, 0.25)),
    median: rounded(quantile(sorted, 0.5)),
    upperQuartile: rounded(quantile(sorted, 0.75)),
    max: sorted.at(-1)!,
    method: 'linear',
  };
}

/** Hyndman and Fan's seventh definition, which R, NumPy and spreadsheets have as their default. */
export function quantile(sorted: readonly number[], p: number): number {
  const at = (sorted.length - 1) * p;
  const below = sorted[Math.floor(at)]!;
  const above = sorted[Math.ceil(at)]!;
  return below + (above - below) * (at - Math.floor(at));
}

function histogramOf(scores: readonly number[]): ClassSummary['histogram'] {
  const width = 100 / BINS;
  const bins = Array.from({ length: BINS }, (_, i) => ({ from: i * width, to: (i + 1) * width, count: 0 }));
  for (const score of scores) bins[Math.min(BINS - 1, Math.floor(score / width))]!.count += 1;
  return bins;
}

function meansOf(grades: readonly Grade[]): ClassSummary['criteria'] {
  const [first] = grades;
  return (first?.criteria ?? []).map(({ id, of }) => ({
    id,
    of,
    mean: rounded(mean(grades.map(({ criteria }) => criteria.find((one) => one.id === id)?.points ?? 0))),
  }));
}

function mistakesOf(graded: readonly { name: string; grade: Grade }[]): Mistake[] {
  const byId = new Map<
    string,
    { stacks: Set<string>; points: number; worst: number; example: Mistake['example'] }
  >();
  for (const { name, grade } of graded)
    for (const { id, file, line, message, fix, points } of grade.findings) {
      const example = { stack: name, file, line, message, fix };
      const known = byId.get(id) ?? { stacks: new Set(), points: 0, worst: points, example };
      known.stacks.add(name);
      known.points += points;
      if (points > known.worst) Object.assign(known, { worst: points, example });
      byId.set(id, known);
    }
  return [...byId]
    .map(([id, { stacks, points, example }]) => ({
      id,
      stacks: stacks.size,
      points: rounded(points),
      example,
    }))
    .sort((a, b) => b.stacks - a.stacks || b.points - a.points || (a.id < b.id ? -1 : 1));
}

function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, one) => sum + one, 0) / numbers.length;
}

function rounded(value: number, decimals = 2): number {
  return Number(value.toFixed(decimals));
}

/** Why a stack could not be graded, and what to do. */
export function reasonOf({ reason, hint }: Extract<StackResult, { reason: string }>): string {
  return `${reason}${hint === undefined ? '' : ` (${hint})`}`;
}

export function percent(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}
