import type { Answer } from './check.ts';
import { CRITERIA } from './criteria/index.ts';
import { CHECK_TITLES, CHECKLIST, type CheckId, type CriterionId } from './messages/titles.ts';
import type { Lang } from './messages/words.ts';
import type { Rubric } from './rubric.ts';
import type { Submission } from './submission.ts';

/** A submission's grade; as it is printed with `--json`. */
export interface Grade {
  dir: string;
  /** What it was graded from: files alone. */
  mode: 'static';
  score: number;
  pass: number;
  passed: boolean;
  lang: Lang;
  criteria: GradedCriterion[];
  findings: GradeFinding[];
  checklist: { id: string; ready: boolean; by: CheckId[] }[];
  files: { role: string; file: string }[];
  /** Whether promtool was there to check the rules as well. */
  promtool: boolean;
  /** What was not read, or not whole: `file:line: why`. */
  unread: string[];
}

export interface GradedCriterion {
  id: CriterionId;
  points: number;
  of: number;
  evidence: string[];
  checks: { id: CheckId; asks: string; points: number; of: number; evidence: string[] }[];
}

export interface GradeFinding {
  id: string;
  /** The checks that it costs points in. */
  checks: CheckId[];
  file: string;
  line: number;
  message: string;
  fix: string;
  /** What it costs. */
  points: number;
}

/**
 * Grades a submission. Pure. Points are tenths, rounded down, so that whatever is lost is seen, and so that a score that
 * reads 70 is one.
 */
export function grade(submission: Submission, rubric: Rubric, lang: Lang): Grade {
  const findings = new Map<string, GradeFinding>();
  const full = new Set<CheckId>();
  const criteria = CRITERIA.map(({ id, checks }): GradedCriterion => {
    const graded = checks.map(({ id: check, look }) => {
      const of = rubric.checks[check];
      const answer = look(submission);
      const tenths = Math.floor(answer.share * of * 10 + 1e-9);
      if (answer.findings.length === 0) full.add(check);
      // What is worth nothing is not held against anybody.
      if (of > 0) collect(findings, check, of, answer, lang);
      return {
        id: check,
        asks: CHECK_TITLES[check][lang],
        points: tenths / 10,
        of,
        evidence: answer.evidence,
      };
    });
    return {
      id,
      points: sumOf(graded.map(({ points }) => points)),
      of: rubric.criteria[id],
      evidence: graded.flatMap(({ evidence }) => evidence),
      checks: graded,
    };
  });
  const score = sumOf(criteria.map(({ points }) => points));
  return {
    dir: submission.dir,
    mode: 'static',
    score,
    pass: rubric.pass,
    passed: score >= rubric.pass,
    lang,
    criteria,
    findings: [...findings.values()]
      .map((one) => ({ ...one, points: Number(one.points.toFixed(2)) }))
      .sort((a, b) => b.points - a.points || (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line)),
    checklist: Object.entries(CHECKLIST).map(([id, { by }]) => ({
      id,
      ready: by.every((check) => full.has(check)),
      by: [...by],
    })),
    files: submission.taken,
    promtool: submission.promtool === true,
    unread: submission.problems.map(({ file, line, message }) => `${file}:${line}: ${message}`),
  };
}

/** The same finding may cost points in several checks: a panel that is not there is also of no kind. */
function collect(
  into: Map<string, GradeFinding>,
  check: CheckId,
  of: number,
  { findings }: Answer,
  lang: Lang,
): void {
  for (const { id, file, line, words, share } of findings) {
    const [message, fix] = words[lang];
    const key = JSON.stringify([id, file, line, message]);
    const known = into.get(key) ?? { id, checks: [], file, line, message, fix, points: 0 };
    known.points += share * of;
    if (!known.checks.includes(check)) known.checks.push(check);
    into.set(key, known);
  }
}

function sumOf(points: readonly number[]): number {
  // In tenths, as 0.1 + 0.2 is not 0.3.
  return points.reduce((sum, one) => sum + Math.round(one * 10), 0) / 10;
}
