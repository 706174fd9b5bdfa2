import * as z from 'zod';
import { humanDuration } from '../core/duration.ts';
import { CAUSES, SUSPECTS } from './causes.ts';
import type { GameEvent } from './events.ts';
import type { Day } from './schedule.ts';
import { openDeclaration, type State } from './state.ts';

/** Lab time for which the lab must have been well until it counts as mended: two scrapes and an evaluation of before. */
export const HOLD_MS = 30_000;

export type Role = 'team' | 'facilitator';

/** What a page may ask for. */
export const ACTIONS = {
  team: z.discriminatedUnion('do', [
    z.strictObject({ do: z.literal('declare'), note: z.string().max(500).default('') }),
    z.strictObject({ do: z.literal('cause'), service: z.string().max(100), kind: z.string().max(100) }),
    z.strictObject({ do: z.literal('resolve') }),
  ]),
  facilitator: z.discriminatedUnion('do', [
    z.strictObject({ do: z.literal('inject') }),
    z.strictObject({ do: z.literal('hint') }),
    z.strictObject({ do: z.literal('pause') }),
    z.strictObject({ do: z.literal('continue') }),
    z.strictObject({ do: z.literal('stop') }),
  ]),
} as const;

export type Action = z.output<(typeof ACTIONS)[Role]>;

/** What comes of an action: what is written down, and what is answered; or why it is refused. */
export type Decision = { event: GameEvent; said: string } | { refused: string };

/** What a team's or a facilitator's action leads to. What is answered to a team never tells whether there is an incident. */
export function decide(day: Pick<Day, 'entries'>, state: State, action: Action, at: number): Decision {
  if (state.over) return { refused: 'The game day is over.' };
  const open = openDeclaration(state);
  switch (action.do) {
    case 'declare':
      return {
        event: { event: 'declared', at, note: action.note },
        said: open ? 'Declared; the one before is closed.' : 'Declared. Now name the cause, and mend it.',
      };
    case 'cause': {
      const { service, kind } = action;
      if (!open) return { refused: 'Declare an incident first.' };
      if (open.guesses.some(({ right }) => right)) return { refused: 'Its cause is known already.' };
      if (!SUSPECTS.includes(service) || !Object.hasOwn(CAUSES, kind))
        return { refused: 'Choose a service and what is wrong with it.' };
      if (open.guesses.some((one) => one.service === service && one.kind === kind))
        return { refused: 'That was named already, and it is not the cause.' };
      return {
        event: { event: 'cause', at, service, kind },
        said: 'Named: the list below says whether it is right.',
      };
    }
    case 'resolve':
      if (!open) return { refused: 'Nothing is declared.' };
      if (!state.steady) return { refused: 'The lab has not been looked at yet; try again in a moment.' };
      if (!state.steady.ok) return { refused: `Not yet: ${listed(state.steady.reasons)}.` };
      return {
        event: { event: 'resolve', at },
        said: `Checked: the lab must stay well for ${humanDuration(HOLD_MS)} of lab time.`,
      };
    case 'pause':
      if (state.paused) return { refused: 'It is paused already.' };
      return {
        event: { event: 'paused', at },
        said: 'Paused: nothing new begins. What is in force goes on.',
      };
    case 'continue':
      if (!state.paused) return { refused: 'It is not paused.' };
      return { event: { event: 'continued', at }, said: 'Goes on; the quiet stretch begins anew.' };
    case 'stop':
      return { event: { event: 'over', at, how: 'ended' }, said: 'Ending: everything is taken back.' };
    case 'inject':
      return inject(state, at);
    case 'hint':
      return hint(day, state, at);
  }
}

/** At most three reasons, as nobody reads more at once. */
export function listed(reasons: readonly string[]): string {
  const shown = reasons.slice(0, 3).join('; ');
  return reasons.length > 3 ? `${shown}; and ${reasons.length - 3} more` : shown;
}

function inject({ current, entries, steady }: State, at: number): Decision {
  if (current === null) return { refused: 'Nothing is left to begin.' };
  if (entries[current]!.status !== 'to come') return { refused: 'One thing at a time: it is in force.' };
  if (!steady?.ok)
    return {
      refused: `Not while the lab is not well: ${steady ? listed(steady.reasons) : 'it has not been looked at yet'}.`,
    };
  return { event: { event: 'inject', at, entry: current }, said: 'It begins now.' };
}

function hint({ entries }: Pick<Day, 'entries'>, { current, entries: played }: State, at: number): Decision {
  const entry = current === null ? undefined : entries[current];
  const mine = current === null ? undefined : played[current];
  if (current === null || !mine || entry?.kind !== 'incident' || mine.status !== 'in force')
    return { refused: 'No incident is in force.' };
  const text = entry.hints[mine.hints];
  if (text === undefined) return { refused: 'There is no other hint.' };
  return { event: { event: 'hint', at, entry: current }, said: `Told: ${text}` };
}

/** What the orchestrator is to do next. */
export type Move =
  | { move: 'wait' }
  | { move: 'act'; entry: number }
  | { move: 'end'; entry: number; how: 'mitigated' | 'limit' | 'over' | 'failed'; mitigatedAt: number | null }
  | { move: 'close' }
  | { move: 'finish' };

/** Decided from the log alone, so that it does not matter who asks, or how often. @param finished the entry's own steps are over */
export function nextMove(day: Pick<Day, 'entries'>, state: State, now: number, finished: boolean): Move {
  const { current, steady } = state;
  const holdMs = HOLD_MS / state.begun.speed;
  const held = steady?.ok === true && now - steady.since >= holdMs;
  const open = openDeclaration(state);
  const claimed = typeof open?.claimedAt === 'number';
  // An incident's own end closes what was declared of it.
  const closing: Move | undefined =
    claimed && held && (current === null || open.entry !== current) ? { move: 'close' } : undefined;
  if (current === null) return closing ?? { move: 'finish' };
  const entry = day.entries[current]!;
  const mine = state.entries[current]!;
  // Until it was seen to be unwell, being well proves nothing.
  const mended = mine.status === 'in force' && held && mine.feltAt !== null && steady.since >= mine.feltAt;
  if (closing && !mended) return closing;
  if (mine.status === 'to come') {
    if (!steady?.ok) return { move: 'wait' };
    const quietMs = entry.afterMs / state.begun.speed;
    const due = now - Math.max(steady.since, state.freeSince) >= quietMs;
    if (!state.injected && (state.paused || !due)) return { move: 'wait' };
    if (entry.kind === 'quiet') return { move: 'end', entry: current, how: 'over', mitigatedAt: null };
    return { move: 'act', entry: current };
  }
  if (mine.why !== null) return { move: 'end', entry: current, how: 'failed', mitigatedAt: null };
  if (entry.kind === 'decoy')
    return finished ? { move: 'end', entry: current, how: 'over', mitigatedAt: null } : { move: 'wait' };
  if (mine.status !== 'in force' || entry.kind !== 'incident') return { move: 'wait' };
  const late = now - mine.effectAt! >= entry.limitMs / state.begun.speed;
  if (mended && (claimed || late))
    return { move: 'end', entry: current, how: 'mitigated', mitigatedAt: steady.since };
  if (late || finished) return { move: 'end', entry: current, how: 'limit', mitigatedAt: null };
  return { move: 'wait' };
}
