import { join } from 'node:path';
import { PACKAGE_DIR, STACK_DIR } from '../../../src/core/paths.ts';
import type { GameEvent } from '../../../src/gameday/events.ts';
import { loadSchedule } from '../../../src/gameday/read.ts';
import { type Day, dayOf } from '../../../src/gameday/schedule.ts';
import { knownFromStack } from '../../../src/scenario/known.ts';

export const KNOWN = knownFromStack(STACK_DIR);
export const FIRST = join(PACKAGE_DIR, 'gamedays/first.yaml');

/** The day that comes with chaos, in the order of its file: cache-outage, pg-lock, a decoy, a quiet stretch. */
export function firstDay(): Day {
  const { draw: _, ...schedule } = loadSchedule(FIRST, KNOWN).schedule!;
  return dayOf(schedule);
}

export const T = 1_800_000_000_000;
/** Ten seconds of lab time in each of wall time. */
export const SPEED = 10;
/** Wall time after so many seconds. */
export const s = (seconds: number) => T + seconds * 1000;

export const begun = (over: Partial<Extract<GameEvent, { event: 'begun' }>> = {}): GameEvent => ({
  event: 'begun',
  at: T,
  name: 'first',
  lab: 'game',
  speed: SPEED,
  mystery: true,
  file: FIRST,
  seed: null,
  digest: 'x',
  ...over,
});

export const steady = (seconds: number): GameEvent => ({
  event: 'steady',
  at: s(seconds),
  ok: true,
  reasons: [],
});
export const unwell = (seconds: number, ...reasons: string[]): GameEvent => ({
  event: 'steady',
  at: s(seconds),
  ok: false,
  reasons,
});
export const alert = (
  seconds: number,
  name: string,
  state: 'pending' | 'firing' | 'gone' = 'firing',
): GameEvent => ({
  event: 'alert',
  at: s(seconds),
  alert: name,
  labels: {},
  state,
});
export const acted = (seconds: number, entry: number): GameEvent => ({
  event: 'acted',
  at: s(seconds),
  entry,
});
export const effect = (seconds: number, entry: number): GameEvent => ({
  event: 'effect',
  at: s(seconds),
  entry,
  effectAt: s(seconds),
});
export const declared = (seconds: number): GameEvent => ({ event: 'declared', at: s(seconds), note: '' });
export const cause = (seconds: number, service: string, kind: string): GameEvent => ({
  event: 'cause',
  at: s(seconds),
  service,
  kind,
});
export const resolved = (seconds: number): GameEvent => ({ event: 'resolve', at: s(seconds) });
export const ended = (
  seconds: number,
  entry: number,
  how: Extract<GameEvent, { event: 'ended' }>['how'],
  mitigated: number | null = null,
): GameEvent => ({
  event: 'ended',
  at: s(seconds),
  entry,
  how,
  mitigatedAt: mitigated === null ? null : s(mitigated),
});

/** The first incident, from the quiet before it to its end: limit 60m, which is 360 s of wall time. */
export const STORY: GameEvent[] = [
  begun(),
  steady(1),
  acted(20, 0),
  effect(21, 0),
  unwell(22, 'RedisDown is pending'),
  alert(22, 'RedisDown', 'pending'),
  alert(30, 'RedisDown'),
  declared(57),
  cause(60, 'api', 'stopped'),
  cause(93, 'redis', 'stopped'),
  steady(165),
  resolved(166),
  ended(169, 0, 'mitigated', 165),
];
