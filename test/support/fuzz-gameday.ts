import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_DIR, STACK_DIR } from '../../src/core/paths.ts';
import { parseLog } from '../../src/gameday/events.ts';
import { facilitatorShown, teamShown } from '../../src/gameday/page/regions.ts';
import { readSchedule } from '../../src/gameday/read.ts';
import { reportPage } from '../../src/gameday/report.ts';
import { resultOf } from '../../src/gameday/result.ts';
import { review } from '../../src/gameday/review.ts';
import { type Day, dayOf } from '../../src/gameday/schedule.ts';
import { stateOf } from '../../src/gameday/state.ts';
import { facilitatorView, teamView } from '../../src/gameday/views.ts';
import { knownFromStack } from '../../src/scenario/known.ts';
import type { Target } from './fuzz-targets.ts';
import { inert } from './inert.ts';

const KNOWN = knownFromStack(STACK_DIR);
const FIRST = join(PACKAGE_DIR, 'gamedays/first.yaml');
const TEXT = readFileSync(FIRST, 'utf8');
const DAY = dayOf(readSchedule(TEXT, FIRST, KNOWN).schedule!);
const GAME_LOG = gameLog();

/** What a game day reads. */
export const GAMEDAY_TARGETS: Target[] = [
  {
    name: 'game day',
    seeds: [TEXT],
    as: 'yaml',
    read(given) {
      const name = /^name: ([a-z-]{1,99})$/m.exec(given)?.[1] ?? 'x';
      // Beside the one that comes with chaos, so that its decoys are found.
      const file = join(PACKAGE_DIR, `gamedays/${name}.yaml`);
      const { schedule, problems } = readSchedule(given, file, KNOWN);
      if (schedule) shownOf(dayOf(schedule, 1), GAME_LOG);
      return schedule ? [] : problems;
    },
  },
  {
    name: 'log of a game day',
    seeds: [GAME_LOG],
    as: 'text',
    read(given) {
      const { events, wrong } = parseLog(given);
      if (wrong !== undefined || events.length === 0)
        return [{ file: 'events.jsonl', line: wrong ?? 1, column: 1, message: 'no event' }];
      shownOf(DAY, given);
      return [];
    },
  },
];

/** Everything that is made of a game day and its log, while it goes on and when it is over. */
function shownOf(day: Day, log: string): void {
  const { events } = parseLog(log);
  const state = stateOf(day, events);
  for (const shown of [
    teamShown(teamView(day, state, events)),
    facilitatorShown(facilitatorView(day, state, events)),
  ])
    assert.ok(!/<img|onerror="/.test(Object.values(shown.regions).join('')), 'escaped');
  const result = resultOf(day, state, events.at(-1)!.at);
  inert(review(result), '\n');
  assert.ok(!/<img|onerror="/.test(reportPage(day, state, events, result)), 'escaped');
}

/** A log with one of every kind of event. */
function gameLog(): string {
  const at = 1_800_000_000_000;
  const labels = { instance: 'redis:6379' };
  const fired = { alert: 'RedisDown', labels, activeAt: at, firedAt: at + 1, resolvedAt: null };
  const begun = { name: 'first', lab: 'x', speed: 10, mystery: true, file: 'x', seed: 7, digest: 'x' };
  const events = [
    { event: 'begun', ...begun },
    { event: 'steady', ok: true, reasons: [] },
    { event: 'paused' },
    { event: 'continued' },
    { event: 'inject', entry: 0 },
    { event: 'acted', entry: 0 },
    { event: 'effect', entry: 0, effectAt: at },
    { event: 'alert', alert: 'RedisDown', labels, state: 'firing' },
    { event: 'notified', alert: 'RedisDown', labels, status: 'firing' },
    { event: 'steady', ok: false, reasons: ['redis'] },
    { event: 'declared', note: 'carts' },
    { event: 'cause', service: 'redis', kind: 'stopped' },
    { event: 'hint', entry: 0 },
    { event: 'resolve' },
    { event: 'ended', entry: 0, how: 'mitigated', mitigatedAt: at + 2 },
    { event: 'history', entry: 0, episodes: [fired], dues: [{ index: 0, deadline: at }] },
    { event: 'interrupted' },
    { event: 'resumed' },
    { event: 'failed', entry: 1, why: 'no reason' },
    { event: 'declared', note: '' },
    { event: 'closed' },
    { event: 'over', how: 'played' },
  ];
  return events.map((event, i) => `${JSON.stringify({ ...event, at: at + i })}\n`).join('');
}
