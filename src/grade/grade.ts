import type { Answer } from './check.ts';
import { CRITERIA } from './criteria/index.ts';
import { LIVE_CHECKS } from './live/checks/index.ts';
import type { Sighting } from './live/sighting.ts';
import {
  type AnyCheckId,
  CHECK_TITLES,
  CHECKLIST,
  type CriterionId,
  LIVE_TITLES,
} from './messages/titles.ts';
import type { Lang } from './messages/words.ts';
import { type Rubric, worthAlive } from './rubric.ts';
import type { Submission } from './submission.ts';

/** A submission's grade; as it is printed with `--json`. */
export interface Grade {
  dir: string;
  /** What it was graded from: its files alone, or these and the stack as it ran. */
  mode: 'static' | 'live';
  score: number;
  pass: number;
  passed: boolean;
  lang: Lang;
  criteria: GradedCriterion[];
  findings: GradeFinding[];
  checklist: { id: string; ready: boolean; by: AnyCheckId[] }[];
  files: { role: string; file: string }[];
  /** Whether promtool was there to check the rules as well. */
  promtool: boolean;
  /** What was not read, or not whole: `file:line: why`. */
  unread: string[];
  /** Only of a stack that should run. */
  live?: LivePart;
}

/** What a live grade is of. */
export interface LivePart {
  /** Its compose project; null where none of its containers is there. */
  project: string | null;
  /** How many times faster than written it ran. */
  speed: number;
  /** Incidents that were carried out, each with where its record lies. */
  incidents: { id: string; record: string | null }[];
  /** Something could not be told, as the machine was too busy; the points for it are lost until it is graded again. */
  undecided: boolean;
}

export interface GradedCriterion {
  id: CriterionId;
  points: number;
  of: number;
  evidence: string[];
  checks: { id: AnyCheckId; asks: string; points: number; of: number; evidence: string[] }[];
}

export interface GradeFinding {
  id: string;
  /** The checks that it costs points in. */
  checks: AnyCheckId[];
  file: string;
  line: number;
  message: string;
  fix: string;
  /** What it costs. */
  points: number;
}

/** One check's answer, and what it is worth. */
interface Answered {
  id: AnyCheckId;
  asks: string;
  of: number;
  answer: Answer;
}

/**
 * Grades a submission. Pure. Points are tenths, rounded down, so that whatever is lost is seen, and so that a score that
 * reads 70 is one.
 * @param sighting what was seen of its stack; without it, its files are all that is graded
 */
export function grade(submission: Submission, rubric: Rubric, lang: Lang, sighting?: Sighting): Grade {
  const findings = new Map<string, GradeFinding>();
  const full = new Set<AnyCheckId>();
  const criteria = CRITERIA.map((criterion): GradedCriterion => {
    const { id } = criterion;
    const graded = answersTo(criterion, submission, rubric, lang, sighting).map((one) => {
      const { answer, of, asks, id: check } = one;
      const tenths = Math.floor(answer.share * of * 10 + 1e-9);
      if (answer.findings.length === 0) full.add(check);
      // What is worth nothing is not held against anybody.
      if (of > 0) collect(findings, one, lang);
      return { id: check, asks, points: tenths / 10, of, evidence: answer.evidence };
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
    mode: sighting ? 'live' : 'static',
    score,
    pass: rubric.pass,
    passed: score >= rubric.pass,
    lang,
    criteria,
    findings: [...findings.values()]
      .map((one) => ({ ...one, points: Number(one.points.toFixed(2)) }))
      .sort((a, b) => b.points - a.points || (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line)),
    checklist: Object.entries(CHECKLIST).map(([id, { by, live }]) => {
      // What was seen is more than what files promise.
      const asked: AnyCheckId[] = sighting ? [...live] : [...by];
      return { id, ready: asked.every((check) => full.has(check)), by: asked };
    }),
    files: submission.taken,
    promtool: submission.promtool === true,
    unread: submission.problems.map(({ file, line, message }) => `${file}:${line}: ${message}`),
    ...(sighting ? { live: livePart(sighting, [...findings.values()]) } : {}),
  };
}

function answersTo(
  { id, checks }: (typeof CRITERIA)[number],
  submission: Submission,
  rubric: Rubric,
  lang: Lang,
  sighting: Sighting | undefined,
): Answered[] {
  const alive = sighting && worthAlive(rubric, id);
  const ofFiles = checks.map((check) => ({
    id: check.id,
    asks: CHECK_TITLES[check.id][lang],
    of: alive?.get(check.id) ?? rubric.checks[check.id],
    answer: check.look(submission),
  }));
  if (!sighting) return ofFiles;
  const seen = LIVE_CHECKS[id].map((check) => ({
    id: check.id,
    asks: LIVE_TITLES[check.id][lang],
    of: rubric.live[check.id],
    answer: check.look(submission, sighting),
  }));
  return [...ofFiles, ...seen];
}

function livePart({ project, speed, incidents }: Sighting, findings: readonly GradeFinding[]): LivePart {
  return {
    project: project ?? null,
    speed,
    incidents: incidents.flatMap(({ id, expected, file }) =>
      expected.length > 0 ? [{ id, record: file }] : [],
    ),
    undecided: findings.some(({ id }) => id === 'undecided' || id === 'busy-machine'),
  };
}

/** The same finding may cost points in several checks: a panel that is not there is also of no kind. */
function collect(into: Map<string, GradeFinding>, { id: check, of, answer }: Answered, lang: Lang): void {
  for (const { id, file, line, words, share } of answer.findings) {
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
