import { iso } from '../core/clock.ts';
import { humanDuration } from '../core/duration.ts';
import { isAmong, matches } from '../core/labels.ts';
import type { Episode } from '../observe/history.ts';
import { looksOf } from '../plan/phases.ts';
import { crossingOf, firingWindow, resolveWindow } from '../plan/windows.ts';
import type { Evidence } from '../run/record.ts';
import { effectOf } from '../run/watch.ts';
import { unread, whyMissed } from './absence.ts';
import { delaysOf } from './delays.ts';
import { doubts, newSilences, suppressed } from './doubts.ts';
import { forgedOf } from './forged.ts';
import { whyUnnotified } from './notified.ts';
import { isDetected, scoreOf } from './score.ts';
import type { JudgedExpectation, Outcome, Unexpected, Verdict } from './verdict.ts';
import { firstShown, witnessed } from './witnessed.ts';

/** The verdict on a run: a pure function of its evidence, so that it can be given again at any time. */
export function judge(evidence: Evidence): Verdict {
  const doubtful = doubts(evidence);
  const expectations = evidence.expect.map((_, index) => {
    const judged = judgeOne(evidence, index, doubtful);
    const step = evidence.steps.find(({ id }) => id === judged.because);
    return { ...judged, delays: delaysOf(judged, step?.startedAt ?? null, step?.goneAt ?? null) };
  });
  const unexpected = unexpectedOf(evidence);
  const resolving = evidence.expect.map(({ resolves }) => resolves);
  const { score, parts } = scoreOf(expectations, unexpected, resolving);

  const missed = expectations.filter(({ outcome }) => outcome === 'missed');
  const unsure = expectations.filter(({ outcome }) => outcome === 'inconclusive');
  const names = (some: JudgedExpectation[]) => [...new Set(some.map(({ alert }) => alert))].join(', ');
  const common = { expectations, unexpected, forged: forgedOf(evidence), newSilences: newSilences(evidence) };
  if (missed.length > 0) {
    return { verdict: 'fail', because: `${names(missed)} never fired.`, score, scoreParts: parts, ...common };
  }
  if (unsure.length > 0 || doubtful.length > 0 || evidence.status !== 'completed') {
    const because =
      evidence.status !== 'completed'
        ? `The run was ${evidence.status}: ${evidence.statusReason}`
        : (doubtful[0] ?? `The evidence on ${names(unsure)} does not tell.`);
    return { verdict: 'inconclusive', because, score: null, scoreParts: [], ...common };
  }
  const passed = score >= evidence.pass;
  const fired = expectations.length === 0 ? 'No alert was expected' : 'Every expected alert fired';
  const because = `${fired}, and the score is ${passed ? 'at least' : 'under'} the pass mark of ${evidence.pass}.`;
  return { verdict: passed ? 'pass' : 'fail', because, score, scoreParts: parts, ...common };
}

/** Every stay that fired and matches neither an expectation nor a toleration. */
function unexpectedOf({ history, expect, tolerate, zeroAt, replayed }: Evidence): Unexpected[] {
  const zero = Date.parse(zeroAt);
  return (history ?? []).flatMap(({ alert, labels, firedAt, resolvedAt }) => {
    // No baseline has seen to it that nothing was firing under rules that did not run.
    const still = replayed !== undefined && (resolvedAt === undefined || resolvedAt > zero);
    if (firedAt === undefined || (firedAt < zero && !still)) return [];
    return isAmong([...expect, ...tolerate], alert, labels) ? [] : [{ alert, labels, firedAt: iso(firedAt) }];
  });
}

function judgeOne(evidence: Evidence, index: number, doubtful: readonly string[]): JudgedExpectation {
  const expected = evidence.expect[index]!;
  const { alert, labels, because, weight } = expected;
  const step = evidence.steps.find(({ id }) => id === because);
  const effect = effectOf(evidence.steps, because);
  const rule = evidence.rules.alerts.find(({ name }) => name === alert);
  const blank: JudgedExpectation = {
    alert,
    labels,
    because,
    weight,
    outcome: 'inconclusive',
    reasons: [],
    earliest: null,
    deadline: null,
    resolveDeadline: null,
    effectAt: effect ? iso(step?.kind === 'fault' ? effect.fullAt : effect.startedAt) : null,
    firstBadSampleAt: orNull(evidence.held[index]?.[0]?.from),
    activeAt: null,
    firedAt: null,
    receivedAt: null,
    notifiedAt: null,
    resolvedAt: null,
    deadlineTerms: [],
    delays: [],
  };
  if (!rule) return { ...blank, reasons: [`No rule called ${alert} was loaded.`] };
  if (!effect) {
    const why = step?.error ? `: ${step.error}` : '.';
    return { ...blank, reasons: [`The effect of ${because} was never observed${why}`] };
  }

  const { recordings } = evidence.rules;
  const held = evidence.held[index];
  const seenHeld = held ? { held, effect } : undefined;
  const crossing = crossingOf(rule, recordings, expected.withinMs, evidence.speed, seenHeld);
  const { phases } = evidence.surroundings.before;
  const steady = !evidence.restarted.includes('prometheus') && !evidence.replayed;
  const looks = steady ? looksOf(phases, rule, labels) : undefined;
  const window = firingWindow(rule, effect, evidence.cadence, crossing, recordings, looks);
  const goneBy = step?.goneAt
    ? resolveWindow(rule, step.goneAt, evidence.cadence, recordings).deadline
    : null;
  const judged: JudgedExpectation = {
    ...blank,
    earliest: iso(window.earliest),
    deadline: iso(window.deadline),
    resolveDeadline: expected.resolves ? orNull(goneBy) : null,
    deadlineTerms: window.terms,
  };
  if (!evidence.history) return { ...judged, reasons: [...doubtful] };

  const stays = evidence.history.filter((stay) => stay.alert === alert && matches(stay.labels, labels));
  const stay = stays.find(({ firedAt }) => firedAt !== undefined && firedAt >= effect.startedAt) ?? stays[0];
  if (stay) Object.assign(judged, witnessed(evidence, stay));
  const { outcome, reasons } = outcomeOf(stay, {
    earliest: window.earliest,
    deadline: window.deadline,
    goneBy: expected.resolves ? goneBy : null,
    begunAt: Date.parse(evidence.zeroAt),
    endedAt: Date.parse(evidence.endedAt),
    received: judged.receivedAt !== null || evidence.replayed !== undefined,
  });
  const fired = stay?.firedAt !== undefined;
  const why = [
    ...suppressed(evidence, alert, labels),
    // An alert seen firing stands, whatever else went wrong; its absence does not.
    ...(outcome === 'on-time' ? [] : doubtful),
    ...(fired ? [] : unread(evidence, index)),
  ];
  if (why.length > 0) return { ...judged, outcome: 'inconclusive', reasons: why };
  if (!fired && outcome === 'missed')
    return { ...judged, outcome, reasons: [`${reasons[0]} ${whyMissed(evidence, index)}`.trim()] };
  const lost =
    isDetected(outcome) && stay && !evidence.replayed ? unnotified(evidence, stay, judged) : undefined;
  return { ...judged, outcome, reasons, ...lost };
}

/** See `whyUnnotified`; undefined for an alert whose notification arrived. */
function unnotified(evidence: Evidence, stay: Episode, { receivedAt, notifiedAt }: JudgedExpectation) {
  if (receivedAt === null || notifiedAt !== null) return undefined;
  return whyUnnotified(evidence, {
    alert: stay.alert,
    labels: firstShown(evidence, stay)?.labels ?? stay.labels,
    receivedAt: Date.parse(receivedAt),
    until: stay.resolvedAt ?? Date.parse(evidence.endedAt),
  });
}

interface Bounds {
  earliest: number;
  deadline: number;
  /** Null where the alert need not go away, or its cause never did. */
  goneBy: number | null;
  /** The end of the baseline. */
  begunAt: number;
  endedAt: number;
  /** Whether Alertmanager was ever seen to have it. */
  received: boolean;
}

/** The outcome of one stay against its bounds; all times in milliseconds since the Unix epoch. */
export function outcomeOf(
  stay: Episode | undefined,
  bounds: Bounds,
): { outcome: Outcome; reasons: string[] } {
  const { earliest, deadline, goneBy, begunAt, endedAt, received } = bounds;
  if (stay?.firedAt === undefined) {
    if (endedAt < deadline)
      return { outcome: 'inconclusive', reasons: ['The run ended before the deadline.'] };
    const pending = stay ? ' It was pending, but not for long enough.' : '';
    return { outcome: 'missed', reasons: [`It had not fired by the end of the run.${pending}`] };
  }
  if (stay.firedAt < begunAt)
    return { outcome: 'inconclusive', reasons: ['It was firing before the first step.'] };
  if (stay.firedAt < earliest) {
    const before = humanDuration(earliest - stay.firedAt);
    return {
      outcome: 'early',
      reasons: [
        `It fired ${before} before the effect and its for: could have brought it about, so this step is not its cause.`,
      ],
    };
  }
  if (!received) {
    return {
      outcome: 'missed',
      reasons: ['It fired in Prometheus, but Alertmanager never had it: nobody would have been told.'],
    };
  }
  const reasons: string[] = [];
  const late = stay.firedAt > deadline;
  if (late) reasons.push(`It fired ${humanDuration(stay.firedAt - deadline)} after its deadline.`);
  if (goneBy !== null && (stay.resolvedAt === undefined || stay.resolvedAt > goneBy)) {
    reasons.push(
      stay.resolvedAt === undefined
        ? 'It was still firing when the run ended.'
        : `It was gone ${humanDuration(stay.resolvedAt - goneBy)} after its recovery was due.`,
    );
    return { outcome: 'unresolved', reasons };
  }
  return { outcome: late ? 'late' : 'on-time', reasons };
}

function orNull(time: number | null | undefined): string | null {
  return time === null || time === undefined ? null : iso(time);
}
