import type { Labels } from '../core/labels.ts';
import { labelKey } from '../core/labels.ts';
import { type Guess, isRight } from './causes.ts';
import type { Begun, Episode, GameEvent, How } from './events.ts';
import { followHistory, isExpected } from './history.ts';
import type { Day, Entry } from './schedule.ts';

// A game day is its schedule and its log: nothing else is kept anywhere, so that a page that is loaded again, a second
// browser and another orchestrator see the same.

/** What became of one entry. Times are milliseconds since the Unix epoch, null for what did not happen. */
export interface Played {
  status: 'to come' | 'acting' | 'in force' | 'over';
  actedAt: number | null;
  effectAt: number | null;
  /** When the lab was first seen to be not as it should. */
  feltAt: number | null;
  /** When the first expected alert fired. */
  detectedAt: number | null;
  /** When the first expected alert arrived at somebody. */
  notifiedAt: number | null;
  acknowledgedAt: number | null;
  diagnosedAt: number | null;
  mitigatedAt: number | null;
  endedAt: number | null;
  how: How | null;
  why: string | null;
  /** Wrong names of its cause. */
  wrong: Guess[];
  hints: number;
  /** Every alert's stay while it lasted, from Prometheus' own history; null where that was not read. */
  history: Episode[] | null;
  /** By when each expected alert had to fire, by its place in the scenario; where it is not known, it is not there. */
  deadlines: ReadonlyMap<number, number>;
}

/** The team has said that something is wrong. */
export interface Declaration {
  at: number;
  note: string;
  /** The incident that was in force. */
  entry: number | null;
  /** Nothing was wrong, or only seemed so. Neither true nor false while an earlier incident was still dying away. */
  truth: 'incident' | 'false' | 'echo';
  guesses: (Guess & { at: number; right: boolean })[];
  /** When the team said that all is well again. */
  claimedAt: number | null;
  closedAt: number | null;
}

export interface LiveAlert {
  alert: string;
  labels: Labels;
  state: 'pending' | 'firing';
  since: number;
}

export interface State {
  begun: Begun;
  over: { at: number; how: Extract<GameEvent, { event: 'over' }>['how'] } | null;
  /** Nobody plays it at the moment, and it can be gone on with. */
  interrupted: boolean;
  paused: boolean;
  resumes: number;
  /** The first entry that is not over; null when all are. */
  current: number | null;
  /** Since when nothing has kept the current entry from coming, but for the lab's state. */
  freeSince: number;
  /** The facilitator wants it without the rest of its quiet stretch. */
  injected: boolean;
  entries: Played[];
  steady: { ok: boolean; since: number; reasons: string[] } | null;
  /** The lab has been well since the last entry. */
  settled: boolean;
  alerts: LiveAlert[];
  declarations: Declaration[];
}

/** All that is known of a day. @param events the whole log; its first is `begun` */
export function stateOf(day: Pick<Day, 'entries'>, events: readonly GameEvent[]): State {
  const [begun, ...rest] = events;
  if (begun?.event !== 'begun') throw new Error('a log begins with begun');
  const state: State = {
    begun,
    over: null,
    interrupted: false,
    paused: false,
    resumes: 0,
    current: 0,
    freeSince: begun.at,
    injected: false,
    entries: day.entries.map(() => ({ ...UNPLAYED, wrong: [] })),
    steady: null,
    settled: false,
    alerts: [],
    declarations: [],
  };
  for (const event of rest) apply(state, day.entries, event);
  const current = state.entries.findIndex(({ status }) => status !== 'over');
  return { ...state, current: current < 0 ? null : current };
}

const UNPLAYED: Played = {
  status: 'to come',
  actedAt: null,
  effectAt: null,
  feltAt: null,
  detectedAt: null,
  notifiedAt: null,
  acknowledgedAt: null,
  diagnosedAt: null,
  mitigatedAt: null,
  endedAt: null,
  how: null,
  why: null,
  wrong: [],
  hints: 0,
  history: null,
  deadlines: new Map(),
};

/** The declaration that has not been closed. */
export function openDeclaration({ declarations }: Pick<State, 'declarations'>): Declaration | undefined {
  const last = declarations.at(-1);
  return last?.closedAt === null ? last : undefined;
}

function apply(state: State, entries: readonly Entry[], event: GameEvent): void {
  const { at } = event;
  const played = 'entry' in event ? state.entries[event.entry] : undefined;
  const inForce = state.entries.findIndex(({ status }) => status === 'acting' || status === 'in force');
  const mine = state.entries[inForce];
  const incident = entries[inForce]?.kind === 'incident' ? entries[inForce] : undefined;
  const open = openDeclaration(state);
  switch (event.event) {
    case 'resumed':
      state.resumes += 1;
      state.interrupted = false;
      // What it showed while nobody looked is not known.
      state.alerts = [];
      state.steady = null;
      state.settled = false;
      return;
    case 'interrupted':
      state.interrupted = true;
      return;
    case 'steady':
      if (state.steady?.ok !== event.ok) state.steady = { ok: event.ok, since: at, reasons: event.reasons };
      else state.steady.reasons = event.reasons;
      if (event.ok) state.settled = true;
      if (!event.ok && mine?.status === 'in force') mine.feltAt ??= at;
      // The team's word did not hold.
      if (!event.ok && open) open.claimedAt = null;
      return;
    case 'alert': {
      const key = labelKey({ ...event.labels, alertname: event.alert });
      state.alerts = state.alerts.filter(
        ({ alert, labels }) => labelKey({ ...labels, alertname: alert }) !== key,
      );
      const { alert, labels, state: now } = event;
      if (now !== 'gone') state.alerts.push({ alert, labels, state: now, since: at });
      if (now === 'firing' && mine && incident && isExpected(incident, event)) mine.detectedAt ??= at;
      return;
    }
    case 'notified':
      if (event.status === 'firing' && mine && incident && isExpected(incident, event))
        mine.notifiedAt ??= at;
      return;
    case 'acted':
      if (played) Object.assign(played, { status: 'acting', actedAt: at });
      state.injected = false;
      return;
    case 'effect':
      if (played?.status === 'acting')
        Object.assign(played, {
          status: 'in force',
          effectAt: event.effectAt,
          feltAt: state.steady?.ok === false ? at : null,
        });
      return;
    case 'failed':
      if (played) played.why = event.why;
      return;
    case 'ended':
      if (played)
        Object.assign(played, {
          status: 'over',
          endedAt: at,
          how: event.how,
          mitigatedAt: event.mitigatedAt,
        });
      if (open && open.entry === event.entry) open.closedAt = at;
      state.freeSince = at;
      // Only an incident leaves something behind that one may well take for another.
      if (entries[event.entry]?.kind === 'incident') state.settled = state.steady?.ok === true;
      state.injected = false;
      return;
    case 'history': {
      const about = entries[event.entry];
      if (played && about?.kind === 'incident') followHistory(played, about, event);
      return;
    }
    case 'declared': {
      if (open) open.closedAt = at;
      const truth = incident ? 'incident' : state.settled ? 'false' : 'echo';
      const entry = incident ? inForce : null;
      if (mine && incident) mine.acknowledgedAt ??= at;
      const { note } = event;
      state.declarations.push({ at, note, entry, truth, guesses: [], claimedAt: null, closedAt: null });
      return;
    }
    case 'cause': {
      if (!open) return;
      const { service, kind } = event;
      const right = incident !== undefined && open.entry === inForce && isRight(event, incident);
      open.guesses.push({ at, service, kind, right });
      if (!mine || open.entry !== inForce) return;
      if (right) mine.diagnosedAt ??= at;
      else mine.wrong.push({ service, kind });
      return;
    }
    case 'resolve':
      if (open) open.claimedAt = at;
      return;
    case 'closed':
      if (open) open.closedAt = at;
      return;
    case 'hint':
      if (played) played.hints += 1;
      return;
    case 'inject':
      state.injected = true;
      return;
    case 'paused':
      state.paused = true;
      return;
    case 'continued':
      state.paused = false;
      state.freeSince = Math.max(state.freeSince, at);
      return;
    case 'over':
      state.over = { at, how: event.how };
      if (mine) Object.assign(mine, { status: 'over', endedAt: at, how: 'stopped' });
      if (open) open.closedAt = at;
      return;
  }
}
