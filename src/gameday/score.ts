import { humanDuration } from '../core/duration.ts';
import type { Day, Incident } from './schedule.ts';
import type { Played, State } from './state.ts';

/** What an incident is worth, and what costs. Docs: docs/gameday.md. */
export const POINTS = { acknowledge: 30, diagnose: 30, mitigate: 40 } as const;
export const COSTS = { wrong: 5, hint: 10, false: 15 } as const;

export type Part = keyof typeof POINTS;

export interface PartScore {
  part: Part;
  points: number;
  /** 0 where it is not held against the team. */
  of: number;
  how: string;
}

export interface IncidentScore {
  entry: number;
  parts: PartScore[];
  hints: number;
  points: number;
  of: number;
}

export interface Score {
  incidents: IncidentScore[];
  falseAlarms: number;
  /** Never below 0. */
  points: number;
  of: number;
}

/** The score of every incident that is over, and of the day so far. */
export function scoreOf(day: Pick<Day, 'entries'>, state: State): Score {
  const { speed } = state.begun;
  const incidents = day.entries.flatMap((entry, index): IncidentScore[] => {
    const played = state.entries[index]!;
    if (entry.kind !== 'incident' || played.status !== 'over') return [];
    const parts = partsOf(entry, played, speed);
    const sum = (of: (part: PartScore) => number) => parts.reduce((all, part) => all + of(part), 0);
    const hints = played.hints * COSTS.hint;
    return [{ entry: index, parts, hints, points: sum(({ points }) => points), of: sum(({ of }) => of) }];
  });
  const falseAlarms = state.declarations.filter(
    ({ truth, closedAt }) => truth === 'false' && (closedAt !== null || state.over !== null),
  ).length;
  const earned = incidents.reduce((all, { points, hints }) => all + points - hints, 0);
  return {
    incidents,
    falseAlarms,
    points: Math.max(0, earned - falseAlarms * COSTS.false),
    of: incidents.reduce((all, { of }) => all + of, 0),
  };
}

/**
 * Each part is worth the more the sooner it is done: all at the effect, nothing at the limit. What the team had no chance
 * to do is left out, so that it costs nobody anything.
 */
function partsOf(incident: Incident, played: Played, speed: number): PartScore[] {
  const excuse = excuseOf(played);
  const part = (name: Part, at: number | null, less = 0, note = ''): PartScore => {
    const most = POINTS[name];
    if (at === null)
      return excuse
        ? { part: name, points: 0, of: 0, how: excuse }
        : { part: name, points: 0, of: most, how: `not within ${humanDuration(incident.limitMs)}` };
    const tookMs = Math.max(0, at - played.effectAt!) * speed;
    const left = Math.max(0, 1 - tookMs / incident.limitMs);
    const points = Math.max(0, Math.round(most * left) - less);
    const how = `${most} × (1 − ${humanDuration(tookMs)} / ${humanDuration(incident.limitMs)})${note}`;
    return { part: name, points, of: most, how };
  };
  const effect = played.effectAt !== null;
  const wrong = played.wrong.length;
  const note = wrong > 0 ? ` − ${wrong} × ${COSTS.wrong} for wrong names` : '';
  return [
    part('acknowledge', effect ? played.acknowledgedAt : null),
    part('diagnose', effect ? played.diagnosedAt : null, wrong * COSTS.wrong, note),
    part('mitigate', effect ? played.mitigatedAt : null),
  ];
}

/** Why what was not done is not held against the team; undefined where it is. */
export function excuseOf({ how, feltAt, why }: Played): string | undefined {
  if (how === 'failed') return `could not be carried out: ${why ?? 'no reason is known'}`;
  if (how === 'restart') return 'taken back by chaos itself, which was killed';
  if (how === 'interrupted') return 'taken back by chaos itself, which was interrupted';
  if (how === 'stopped') return 'the day ended before its time';
  return feltAt === null ? 'nothing in the lab showed it' : undefined;
}
