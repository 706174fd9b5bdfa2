import type { Labels } from '../core/labels.ts';
import { answersOf, CAUSES, type Guess } from './causes.ts';
import type { GameEvent } from './events.ts';
import type { Day } from './schedule.ts';
import { COSTS, type Part, type Score, scoreOf } from './score.ts';
import { openDeclaration, type Played, type State } from './state.ts';

/** A line of what has happened, as a page shows it. */
export interface Told {
  at: number;
  kind: 'alert' | 'resolved' | 'team' | 'room' | 'schedule';
  text: string;
}

/** A declaration that is closed, with what came of it. */
export interface Row {
  declaredAt: number;
  truth: 'incident' | 'false' | 'echo';
  parts: { part: Part; points: number; of: number; tookMs: number | null }[];
  hints: number;
}

/**
 * What a team may know. In a mystery nothing in it depends on what is in force, on what comes, or on how much there is: it
 * is made of what the monitoring shows, of what the team has done, and of what is closed.
 */
export interface TeamView {
  role: 'team';
  title: string;
  lab: string;
  speed: number;
  begunAt: number;
  mystery: boolean;
  paused: boolean;
  over: { at: number; how: string } | null;
  interrupted: boolean;
  alerts: { alert: string; labels: Labels; state: 'pending' | 'firing'; since: number }[];
  declared: {
    at: number;
    note: string;
    claimedAt: number | null;
    guesses: (Guess & { right: boolean })[];
  } | null;
  rows: Row[];
  falseAlarms: number;
  points: number;
  of: number;
  hints: string[];
  feed: Told[];
  /** Without mystery: what is going on. */
  announced: { title: string; about: string } | null;
}

export interface FacilitatorView {
  role: 'facilitator';
  team: TeamView;
  steady: State['steady'];
  current: number | null;
  freeSince: number;
  injected: boolean;
  seed: number | null;
  resumes: number;
  entries: (Played & {
    kind: 'incident' | 'decoy' | 'quiet';
    name: string;
    title: string;
    afterMs: number;
    limitMs: number | null;
    cause: string | null;
    answers: Guess[];
    allHints: string[];
  })[];
  score: Score;
}

/** More than this nobody reads on a page; the report has all of it. */
const MOST_TOLD = 60;

export function teamView(day: Day, state: State, events: readonly GameEvent[]): TeamView {
  const { begun, paused, interrupted, over, alerts } = state;
  const open = openDeclaration(state);
  const rows = rowsOf(day, state);
  const falseAlarms = rows.filter(({ truth }) => truth === 'false').length;
  const parts = rows.flatMap((row) => row.parts);
  const sum = (all: readonly number[]) => all.reduce((one, other) => one + other, 0);
  const whole = over ? scoreOf(day, state) : undefined;
  const cost = sum(rows.map(({ hints }) => hints)) + falseAlarms * COSTS.false;
  const current = state.current === null ? undefined : day.entries[state.current];
  const active = state.current === null ? undefined : state.entries[state.current]!.status;
  const told = !begun.mystery && current && current.kind !== 'quiet' && active !== 'to come';
  return {
    role: 'team',
    title: day.title,
    lab: begun.lab,
    speed: begun.speed,
    begunAt: begun.at,
    mystery: begun.mystery,
    paused,
    over,
    interrupted,
    alerts: [...alerts].sort((a, b) => b.since - a.since),
    declared: open
      ? {
          at: open.at,
          note: open.note,
          claimedAt: open.claimedAt,
          guesses: open.guesses.map(({ service, kind, right }) => ({ service, kind, right })),
        }
      : null,
    rows,
    falseAlarms,
    points: whole?.points ?? Math.max(0, sum(parts.map(({ points }) => points)) - cost),
    of: whole?.of ?? sum(parts.map(({ of }) => of)),
    hints: hintsOf(day, events),
    feed: feedOf(day, events, false),
    announced: told ? { title: current.scenario.title, about: current.scenario.about } : null,
  };
}

/** Declarations that are closed; at the end also the incidents that nobody declared. */
function rowsOf(day: Day, state: State): Row[] {
  const scores = scoreOf(day, state);
  const rowOf = (entry: number, declaredAt: number): Row => {
    const score = scores.incidents.find((one) => one.entry === entry);
    const { effectAt, acknowledgedAt, diagnosedAt, mitigatedAt } = state.entries[entry]!;
    const doneAt = { acknowledge: acknowledgedAt, diagnose: diagnosedAt, mitigate: mitigatedAt };
    const took = (part: Part) =>
      doneAt[part] === null || effectAt === null ? null : doneAt[part]! - effectAt;
    const parts = (score?.parts ?? []).map(({ part, points, of }) => ({
      part,
      points,
      of,
      tookMs: took(part),
    }));
    return { declaredAt, truth: 'incident', parts, hints: score?.hints ?? 0 };
  };
  const seen = new Set<number>();
  const rows = state.declarations.flatMap(({ at, truth, entry, closedAt }): Row[] => {
    if (closedAt === null) return [];
    if (entry === null) return [{ declaredAt: at, truth, parts: [], hints: 0 }];
    if (state.entries[entry]!.status !== 'over' || seen.has(entry)) return [];
    seen.add(entry);
    return [rowOf(entry, at)];
  });
  if (!state.over) return rows;
  const missed = scores.incidents.filter(({ entry }) => !seen.has(entry));
  return [...rows, ...missed.map(({ entry }) => rowOf(entry, state.entries[entry]!.actedAt!))];
}

function hintsOf(day: Day, events: readonly GameEvent[]): string[] {
  const given = new Map<number, number>();
  return events.flatMap((event) => {
    if (event.event !== 'hint') return [];
    const count = given.get(event.entry) ?? 0;
    given.set(event.entry, count + 1);
    const entry = day.entries[event.entry];
    return entry?.kind === 'incident' ? (entry.hints[count] ?? []) : [];
  });
}

/** What has happened, the newest first. @param schedule also what chaos did */
export function feedOf(day: Day, events: readonly GameEvent[], schedule: boolean, most = MOST_TOLD): Told[] {
  const told: Told[] = [];
  for (const event of events) {
    const { at } = event;
    const say = (kind: Told['kind'], text: string) => told.push({ at, kind, text });
    const labels = 'labels' in event ? (event.labels.instance ?? event.labels.endpoint ?? '') : '';
    if (event.event === 'alert' && event.state === 'firing')
      say('alert', `${event.alert} fires ${labels}`.trim());
    if (event.event === 'alert' && event.state === 'gone')
      say('resolved', `${event.alert} is gone ${labels}`.trim());
    if (event.event === 'declared')
      say('team', `An incident is declared${event.note ? `: ${event.note}` : ''}`);
    if (event.event === 'cause')
      say('team', `Named as the cause: ${event.service}, ${CAUSES[event.kind]?.says ?? event.kind}`);
    if (event.event === 'resolve') say('team', 'The team says that all is well again');
    if (event.event === 'paused') say('room', 'Paused');
    if (event.event === 'continued') say('room', 'Goes on');
    if (event.event === 'hint') say('room', 'A hint is given');
    if (event.event === 'over') say('room', 'The game day is over');
    if (event.event === 'interrupted') say('room', 'Interrupted: everything is taken back');
    if (event.event === 'resumed') say('room', 'The orchestrator was started again');
    if (!schedule) continue;
    const entry = 'entry' in event ? day.entries[event.entry] : undefined;
    const name = entry && entry.kind !== 'quiet' ? entry.scenario.name : 'quiet';
    if (event.event === 'acted') say('schedule', `${name} is carried out`);
    if (event.event === 'effect') say('schedule', `${name} has taken effect`);
    if (event.event === 'failed') say('schedule', `${name} could not be carried out: ${event.why}`);
    if (event.event === 'ended') say('schedule', `${name} is over: ${event.how}`);
  }
  return told.slice(-most).reverse();
}

export function facilitatorView(day: Day, state: State, events: readonly GameEvent[]): FacilitatorView {
  const team = teamView(day, state, events);
  return {
    role: 'facilitator',
    team: { ...team, feed: feedOf(day, events, true) },
    steady: state.steady,
    current: state.current,
    freeSince: state.freeSince,
    injected: state.injected,
    seed: day.seed,
    resumes: state.resumes,
    entries: day.entries.map((entry, index) => ({
      ...state.entries[index]!,
      kind: entry.kind,
      name: entry.kind === 'quiet' ? 'quiet' : entry.scenario.name,
      title: entry.kind === 'quiet' ? 'Nothing happens' : entry.scenario.title,
      afterMs: entry.afterMs,
      limitMs: entry.kind === 'incident' ? entry.limitMs : null,
      cause: entry.kind === 'incident' ? entry.cause : null,
      answers: entry.kind === 'incident' ? answersOf(entry) : [],
      allHints: entry.kind === 'incident' ? entry.hints : [],
    })),
    score: scoreOf(day, state),
  };
}
