import { FINDINGS, type FindingId, type GivenOf } from './messages/index.ts';
import type { CheckId, CriterionId } from './messages/titles.ts';
import type { Lang, Words } from './messages/words.ts';
import type { Submission } from './submission.ts';

/** Where something stands in a submission, or should: a path from its folder, and a line counted from 1. */
export interface Place {
  file: string;
  line: number;
}

/** Why a part of a check's points is lost, in every language. */
export interface Found extends Place {
  id: FindingId;
  words: Record<Lang, Words>;
}

/** One thing that a check looks at: won, by what proves it, or lost. Each weighs as much as the others. */
export type Judged = { proof: string } | { lost: Found };

/** What came of a check. */
export interface Answer {
  /** Of the check's points, 0 to 1. */
  share: number;
  /** What won them: names and places, the same in every language. */
  evidence: string[];
  /** Each with the share of the check's points that it costs. */
  findings: (Found & { share: number })[];
}

/** A small question about a submission, which its files answer; what only its running can, `live/check.ts` asks. */
export interface Check {
  id: CheckId;
  look(submission: Submission): Answer;
}

/** A line of the rubric, as far as files answer it. */
export interface Criterion {
  id: CriterionId;
  checks: readonly Check[];
}

/** A check that files answer. */
export function check(id: CheckId, look: (submission: Submission) => readonly Judged[]): Check {
  return { id, look: (submission) => judge(look(submission)) };
}

/** A check that is won as a whole or not at all: what is wrong with one thing spoils the rest. */
export function wholeCheck(id: CheckId, look: (submission: Submission) => readonly Judged[]): Check {
  return { id, look: (submission) => whole(judge(look(submission))) };
}

/** The same answer, won as a whole or not at all. */
export function whole({ share, evidence, findings }: Answer): Answer {
  return findings.length === 0
    ? { share, evidence, findings }
    : { share: 0, evidence: [], findings: findings.map((one) => ({ ...one, share: 1 / findings.length })) };
}

export function won(proof: string, at?: Place): Judged {
  return { proof: at ? `${proof} (${at.file}:${at.line})` : proof };
}

export function lost<Id extends FindingId>(id: Id, given: GivenOf<Id>, at: Place): Judged {
  // The table's own types bind each id to what its texts are given.
  const { en, fr } = FINDINGS[id] as { en: (given: unknown) => Words; fr: (given: unknown) => Words };
  return { lost: { id, file: at.file, line: at.line, words: { en: en(given), fr: fr(given) } } };
}

/** Where nothing is to be judged, nothing is proven, and nothing won. */
export function judge(items: readonly Judged[]): Answer {
  const evidence = items.flatMap((one) => ('proof' in one ? [one.proof] : []));
  const findings = items.flatMap((one) => ('lost' in one ? [{ ...one.lost, share: 1 / items.length }] : []));
  return { share: items.length === 0 ? 0 : evidence.length / items.length, evidence, findings };
}
