import type { Silence } from '../observe/alertmanager.ts';

/**
 * What came of one expected alert.
 * - `on-time`: fired between its earliest and its deadline (and went away in time, where it had to)
 * - `late`: fired after its deadline
 * - `early`: fired before it could have been our doing
 * - `missed`: never fired, though the evidence is complete
 * - `unresolved`: fired, but stayed after its cause was gone
 * - `inconclusive`: the evidence does not tell
 */
export type Outcome = 'on-time' | 'late' | 'early' | 'missed' | 'unresolved' | 'inconclusive';

/** One expectation, judged. Times are ISO 8601 UTC with milliseconds; null for what was never seen. */
export interface JudgedExpectation {
  alert: string;
  labels: Record<string, string>;
  because: string;
  weight: number;
  outcome: Outcome;
  /** Whole sentences; at least one for every outcome but `on-time`. */
  reasons: string[];
  earliest: string | null;
  deadline: string | null;
  resolveDeadline: string | null;
  /** When the fault was whole (the container's death), or the load began. */
  effectAt: string | null;
  firstBadSampleAt: string | null;
  activeAt: string | null;
  firedAt: string | null;
  receivedAt: string | null;
  notifiedAt: string | null;
  resolvedAt: string | null;
  /** The terms of which the deadline is the sum, in wall milliseconds. */
  deadlineTerms: { name: string; ms: number; source: string }[];
  /** From the effect to the notification, and from the end of the cause to the end of the alert. */
  delays: Delay[];
}

/** One stretch of an alert's way from its cause to a person. */
export interface Delay {
  /** The moment it ends at. */
  name: 'first bad sample' | 'pending' | 'firing' | 'received' | 'notified' | 'resolved';
  /** Wall milliseconds. */
  ms: number;
  /** Of the whole way, 0 to 1. */
  share: number;
  /** What to turn to make it shorter. */
  setting: string;
}

/** An alert that Alertmanager showed and no rule of Prometheus was firing. */
export interface Forged {
  alert: string;
  /** As Alertmanager has them, external labels included. */
  labels: Record<string, string>;
  seenAt: string;
  startsAt: string | null;
}

/** An alert that fired though nobody wanted or tolerated it. */
export interface Unexpected {
  alert: string;
  labels: Record<string, string>;
  firedAt: string;
}

/** One part of the score: what it was worth, what was won, and from which numbers. */
export interface ScorePart {
  name: 'detection' | 'timeliness' | 'silence' | 'recovery';
  of: number;
  points: number;
  /** The formula with this run's numbers in it. */
  how: string;
}

export interface Verdict {
  verdict: 'pass' | 'fail' | 'inconclusive';
  /** Why, in one sentence. */
  because: string;
  /** 0 to 100, one decimal; null where the run is inconclusive. */
  score: number | null;
  scoreParts: ScorePart[];
  expectations: JudgedExpectation[];
  unexpected: Unexpected[];
  /** Counts for nothing. */
  forged: Forged[];
  /** Silences that somebody made while the run went on. */
  newSilences: Silence[];
}
