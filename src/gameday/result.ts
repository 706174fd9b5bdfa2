import { iso } from '../core/clock.ts';
import { alertName, matches } from '../core/labels.ts';
import { answersOf } from './causes.ts';
import type { Episode } from './events.ts';
import { isExpected } from './history.ts';
import type { Day, Incident } from './schedule.ts';
import { excuseOf, type PartScore, scoreOf } from './score.ts';
import type { Played, State } from './state.ts';

/** What alerted because of an incident, against what should have. */
export interface AlertResult {
  alert: string;
  expected: boolean;
  firedAt: string | null;
  /** An incident that is mended before an alert must fire says nothing of that. */
  outcome: 'fired' | 'missed' | 'not due' | 'unknown' | 'unexpected';
}

/** One entry as it is written into gameday.json. Times are ISO 8601, stretches milliseconds of lab time. */
export interface EntryResult {
  kind: 'incident' | 'decoy' | 'quiet';
  scenario: string | null;
  title: string;
  cause: string | null;
  answers: { service: string; kind: string }[];
  how: string;
  excuse: string | null;
  actedAt: string | null;
  effectAt: string | null;
  endedAt: string | null;
  /** From the request to the effect, and from the effect on. */
  tookMs: Record<'effect' | 'detect' | 'notify' | 'acknowledge' | 'diagnose' | 'mitigate', number | null>;
  wrong: { service: string; kind: string }[];
  hints: number;
  alerts: AlertResult[];
  parts: PartScore[];
  points: number;
  of: number;
}

/** A game day when it is over, from its schedule and its log alone. */
export interface Result {
  schemaVersion: 1;
  name: string;
  title: string;
  lab: string;
  speed: number;
  mystery: boolean;
  seed: number | null;
  startedAt: string;
  endedAt: string;
  status: string;
  /** How often the orchestrator had to be started again. */
  restarts: number;
  points: number;
  of: number;
  falseAlarms: number;
  declarations: { at: string; note: string; truth: string; closedAt: string | null }[];
  entries: EntryResult[];
}

/** @throws never; a day that is not over ends with its last event */
export function resultOf(day: Day, state: State, lastAt: number): Result {
  const { begun, over } = state;
  const score = scoreOf(day, state);
  const time = (at: number | null) => (at === null ? null : iso(at));
  return {
    schemaVersion: 1,
    name: day.name,
    title: day.title,
    lab: begun.lab,
    speed: begun.speed,
    mystery: begun.mystery,
    seed: day.seed,
    startedAt: iso(begun.at),
    endedAt: iso(over?.at ?? lastAt),
    status: over?.how ?? (state.interrupted ? 'interrupted' : 'unfinished'),
    restarts: state.resumes,
    points: score.points,
    of: score.of,
    falseAlarms: score.falseAlarms,
    declarations: state.declarations.map(({ at, note, truth, closedAt }) => ({
      at: iso(at),
      note,
      truth,
      closedAt: time(closedAt),
    })),
    entries: day.entries.map((entry, index): EntryResult => {
      const played = state.entries[index]!;
      const mine = score.incidents.find((one) => one.entry === index);
      const took = (at: number | null, from = played.effectAt) =>
        at === null || from === null ? null : Math.round((at - from) * begun.speed);
      const { kind } = entry;
      const incident = kind === 'incident' ? entry : undefined;
      return {
        kind,
        scenario: kind === 'quiet' ? null : entry.scenario.name,
        title: kind === 'quiet' ? 'Nothing happens' : entry.scenario.title,
        cause: incident?.cause ?? null,
        answers: incident ? answersOf(incident) : [],
        how: played.how ?? 'not played',
        excuse: incident && played.status === 'over' ? (excuseOf(played) ?? null) : null,
        actedAt: time(played.actedAt),
        effectAt: time(played.effectAt),
        endedAt: time(played.endedAt),
        tookMs: {
          effect: took(played.effectAt, played.actedAt),
          detect: took(played.detectedAt),
          notify: took(played.notifiedAt),
          acknowledge: took(played.acknowledgedAt),
          diagnose: took(played.diagnosedAt),
          mitigate: took(played.mitigatedAt),
        },
        wrong: played.wrong,
        hints: played.hints,
        alerts: incident && played.actedAt !== null ? alertsOf(incident, played) : [],
        parts: mine?.parts ?? [],
        points: (mine?.points ?? 0) - (mine?.hints ?? 0),
        of: mine?.of ?? 0,
      };
    }),
  };
}

/** Expected alerts first, each with its first firing, then what fired beside them and is tolerated nowhere. */
function alertsOf(
  incident: Incident,
  { history, actedAt, mitigatedAt, endedAt, deadlines }: Played,
): AlertResult[] {
  const fired = (history ?? []).filter(({ firedAt }) => firedAt !== null && firedAt >= actedAt!);
  const firstOf = (all: readonly Episode[]) => {
    const times = all.map(({ firedAt }) => firedAt!);
    return times.length > 0 ? iso(Math.min(...times)) : null;
  };
  const mendedAt = mitigatedAt ?? endedAt ?? 0;
  const expected = incident.scenario.expect.map(({ alert, labels }, index): AlertResult => {
    const firedAt = firstOf(fired.filter((one) => one.alert === alert && matches(one.labels, labels)));
    const deadline = deadlines.get(index);
    const silent = history === null || deadline === undefined ? 'unknown' : 'missed';
    const outcome = deadline !== undefined && deadline > mendedAt ? 'not due' : silent;
    return {
      alert: alertName(alert, labels),
      expected: true,
      firedAt,
      outcome: firedAt === null ? outcome : 'fired',
    };
  });
  const others = fired.filter((one) => !isExpected(incident, one));
  return [
    ...expected,
    ...others.map(
      (one): AlertResult => ({
        alert: alertName(one.alert, one.labels),
        expected: false,
        firedAt: firstOf([one]),
        outcome: 'unexpected',
      }),
    ),
  ];
}
