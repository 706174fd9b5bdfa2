import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { GameEvent } from '../../../src/gameday/events.ts';
import { facilitatorShown, teamShown } from '../../../src/gameday/page/regions.ts';
import { shell } from '../../../src/gameday/page/shell.ts';
import { reportPage } from '../../../src/gameday/report.ts';
import { resultOf } from '../../../src/gameday/result.ts';
import { review } from '../../../src/gameday/review.ts';
import { stateOf } from '../../../src/gameday/state.ts';
import { facilitatorView, teamView } from '../../../src/gameday/views.ts';
import { begun, declared, firstDay, STORY, s, steady } from './support.ts';

const day = firstDay();
const HISTORY: GameEvent = {
  event: 'history',
  at: s(169),
  entry: 0,
  episodes: [{ alert: 'RedisDown', labels: {}, activeAt: s(22), firedAt: s(29), resolvedAt: s(160) }],
  dues: [
    { index: 0, deadline: s(31) },
    { index: 1, deadline: s(80) },
    { index: 2, deadline: s(200) },
  ],
};
const HINT: GameEvent = { event: 'hint', at: s(50), entry: 0 };
const OVER: GameEvent = { event: 'over', at: s(700), how: 'played' };
const LOG = [...STORY.slice(0, 7), HINT, ...STORY.slice(7), HISTORY];

/** Everything the team's page is sent after each of these events. */
const sent = (events: readonly GameEvent[]) =>
  events.map((_, index) => {
    const log = events.slice(0, index + 1);
    const view = teamView(day, stateOf(day, log), log);
    return JSON.stringify(view) + JSON.stringify(teamShown(view));
  });

/** What only a facilitator may know of a day, in words that stand in it. */
const secrets = day.entries.flatMap((entry) =>
  entry.kind === 'quiet'
    ? []
    : [
        entry.scenario.name,
        entry.scenario.title,
        entry.scenario.about.slice(0, 30),
        ...entry.scenario.timeline.map((step) => (step.kind === 'fault' ? step.type : step.id)),
        ...(entry.kind === 'incident' ? [entry.cause.slice(0, 30), ...entry.hints.slice(1)] : []),
        ...entry.scenario.expect.filter(({ alert }) => alert !== 'RedisDown').map(({ alert }) => alert),
      ],
);

test('until it is over, nothing that is hidden in a mystery reaches the team', () => {
  assert.ok(secrets.length > 20);
  for (const text of sent(LOG))
    for (const secret of secrets) assert.ok(!text.includes(secret), `${secret} in ${text}`);
  assert.ok(
    sent(LOG)
      .at(-1)
      ?.includes(day.entries[0]?.kind === 'incident' ? day.entries[0].hints[0]! : '?'),
  );
});

test('what chaos does makes no difference to what the team is sent: not even that something was done', () => {
  const before = [begun(), steady(1)];
  const silent: GameEvent[] = [
    { event: 'acted', at: s(20), entry: 0 },
    { event: 'effect', at: s(21), entry: 0, effectAt: s(21) },
    { event: 'steady', at: s(22), ok: false, reasons: ['target redis is not well'] },
    { event: 'ended', at: s(381), entry: 0, how: 'limit', mitigatedAt: null },
    HISTORY,
    { event: 'failed', at: s(382), entry: 1, why: 'x' },
    { event: 'ended', at: s(383), entry: 1, how: 'failed', mitigatedAt: null },
    { event: 'inject', at: s(384), entry: 2 },
  ];
  assert.equal(new Set(sent([...before, ...silent])).size, 1);
});

test('a declaration says the same whether there is an incident or not', () => {
  const real = [begun(), steady(1), { event: 'acted', at: s(2), entry: 0 } as const, declared(3)];
  const none = [begun(), steady(1), declared(3)];
  assert.equal(sent(real).at(-1), sent(none).at(-1));
});

test('without a mystery the team is told what goes on, once it does', () => {
  const open = [begun({ mystery: false }), ...LOG.slice(1)];
  const view = (count: number) => teamView(day, stateOf(day, open.slice(0, count)), open.slice(0, count));
  assert.equal(view(2).announced, null);
  assert.equal(view(3).announced?.title, 'The cache stops');
});

test('a facilitator sees all of it, and what can be done now', () => {
  const log = LOG.slice(0, 7);
  const view = facilitatorView(day, stateOf(day, log), log);
  const text = JSON.stringify(facilitatorShown(view));
  for (const secret of [day.entries[1]!, day.entries[2]!].map(
    (entry) => 'scenario' in entry && entry.scenario.title,
  ))
    assert.ok(text.includes(String(secret)));
  assert.deepEqual(facilitatorShown(view).can, {
    inject: false,
    hint: true,
    pause: true,
    continue: false,
    stop: true,
  });
});

test('the empty pages hold nothing of a day', () => {
  for (const role of ['team', 'facilitator'] as const)
    for (const secret of secrets.filter((word) => !['container-stop'].includes(word)))
      assert.ok(!shell(role).includes(secret), secret);
});

test('what the room writes is text on every page and in the report', () => {
  const note = '<img src=x onerror="alert(1)">\u202e';
  const log: GameEvent[] = [...LOG, { event: 'declared', at: s(180), note }, OVER];
  const state = stateOf(day, log);
  const result = resultOf(day, state, s(700));
  for (const events of [log.slice(0, -1), log]) {
    const regions = Object.values(teamShown(teamView(day, stateOf(day, events), events)).regions).join('');
    assert.ok(regions.includes('&lt;img src=x'));
    assert.doesNotMatch(regions, /<img|\u202e/);
  }
  const page = reportPage(day, state, log, result);
  assert.doesNotMatch(page, /<img|\u202e/);
  assert.match(page, /default-src 'none'/);
});

test('at its end everything is told: scores, what alerted, what should have, and a review to fill in', () => {
  const log = [...LOG, OVER];
  const state = stateOf(day, log);
  const result = resultOf(day, state, s(700));
  const [cache] = result.entries;
  assert.deepEqual(cache?.tookMs, {
    effect: 10_000,
    detect: 80_000,
    notify: null,
    acknowledge: 360_000,
    diagnose: 720_000,
    mitigate: 1_440_000,
  });
  assert.deepEqual([result.points, result.of], [60, 100]);
  assert.deepEqual(
    cache?.alerts.map(({ alert, outcome }) => [alert, outcome]),
    [
      ['RedisDown', 'fired'],
      ['HighErrorRate{endpoint="/api/cart"}', 'missed'],
      ['SLOErrorRateBreach', 'not due'],
      ['SLOAvailabilityBreach', 'unknown'],
    ],
  );
  assert.equal(result.entries[1]?.how, 'not played');
  const markdown = review(result);
  for (const words of [
    'The cache stops',
    'Detected after 1m20s',
    'redis: it does not run',
    'Where were we lucky?',
  ])
    assert.ok(markdown.includes(words), words);
  assert.ok(sent(log).at(-1)?.includes('"points":60'));
  const page = reportPage(day, state, log, result);
  for (const words of [
    'The cache stops',
    'class="bar fault"',
    'class="bar team"',
    'missed',
    'Blameless review',
  ])
    assert.ok(page.includes(words), words);
});
