import assert from 'node:assert/strict';
import { test } from 'node:test';
import { decide, nextMove } from '../../../src/gameday/decide.ts';
import type { GameEvent } from '../../../src/gameday/events.ts';
import { scoreOf } from '../../../src/gameday/score.ts';
import { openDeclaration, stateOf } from '../../../src/gameday/state.ts';
import {
  acted,
  begun,
  cause,
  declared,
  effect,
  ended,
  firstDay,
  resolved,
  STORY,
  s,
  steady,
  unwell,
} from './support.ts';

const day = firstDay();
const after = (...events: GameEvent[]) => stateOf(day, events);
const move = (now: number, events: GameEvent[], finished = false) =>
  nextMove(day, after(...events), s(now), finished);
const until = (at: number) => STORY.filter((event) => event.at <= s(at));
const score = (...events: GameEvent[]) => scoreOf(day, after(...events));

test('times are those of the log: the first expected alert, the declaration, the right cause, the steady state', () => {
  const [first] = after(...STORY).entries;
  assert.deepEqual(
    [first?.feltAt, first?.detectedAt, first?.acknowledgedAt, first?.diagnosedAt, first?.mitigatedAt],
    [s(22), s(30), s(57), s(93), s(165)],
  );
  assert.deepEqual(first?.wrong, [{ service: 'api', kind: 'stopped' }]);
  assert.equal(openDeclaration(after(...STORY)), undefined, 'its end closes what was declared of it');
});

test('an incident begins once nothing has been wrong for the whole of its quiet stretch', () => {
  // 3m of lab time.
  assert.deepEqual(move(18, [begun(), steady(1)]), { move: 'wait' });
  assert.deepEqual(move(19, [begun(), steady(1)]), { move: 'act', entry: 0 });
  assert.deepEqual(move(19, [begun(), steady(1), unwell(5, 'x'), steady(6)]), { move: 'wait' });
  assert.deepEqual(move(60, [begun(), steady(1), { event: 'paused', at: s(2) }]), { move: 'wait' });
  const goes: GameEvent = { event: 'continued', at: s(10) };
  assert.deepEqual(move(27, [begun(), steady(1), { event: 'paused', at: s(2) }, goes]), { move: 'wait' });
  assert.deepEqual(move(28, [begun(), steady(1), { event: 'paused', at: s(2) }, goes]).move, 'act');
  const inject: GameEvent = { event: 'inject', at: s(2), entry: 0 };
  assert.deepEqual(move(2, [begun(), steady(1), inject]), { move: 'act', entry: 0 });
  assert.deepEqual(move(2, [begun(), unwell(1, 'x'), inject]), { move: 'wait' });
});

test('it is mitigated when the lab was seen unwell, is well again for 30s, and the team says so', () => {
  assert.deepEqual(move(100, until(100)), { move: 'wait' });
  assert.deepEqual(move(168.5, until(165)), { move: 'wait' }, 'nobody has said so');
  assert.deepEqual(move(167, until(166)), { move: 'wait' }, 'not for long enough');
  assert.deepEqual(move(168, until(166)), {
    move: 'end',
    entry: 0,
    how: 'mitigated',
    mitigatedAt: s(165),
  });
  // A word that did not hold has to be given again.
  assert.deepEqual(move(175, [...until(166), unwell(167, 'RedisDown is pending'), steady(168)]), {
    move: 'wait',
  });
});

test('at its limit it is over: mitigated where the lab is well, though nobody said so, else not', () => {
  assert.deepEqual(move(380, until(100)), { move: 'wait' });
  assert.deepEqual(move(381, until(100)), { move: 'end', entry: 0, how: 'limit', mitigatedAt: null });
  assert.deepEqual(move(381, until(165)), { move: 'end', entry: 0, how: 'mitigated', mitigatedAt: s(165) });
});

test('well before anything was felt proves nothing', () => {
  const unfelt = [begun(), steady(1), acted(20, 0), effect(21, 0), declared(22), resolved(23)];
  assert.deepEqual(move(60, unfelt), { move: 'wait' });
  assert.deepEqual(move(381, unfelt), { move: 'end', entry: 0, how: 'limit', mitigatedAt: null });
  const [only] = score(...unfelt, ended(381, 0, 'limit')).incidents;
  assert.deepEqual(
    only?.parts.map(({ of }) => of),
    [30, 0, 0],
    'what nobody could do is not held against anybody',
  );
});

test('points fall from all at the effect to none at the limit; wrong names, hints and false alarms cost', () => {
  // 36 s, 72 s and 144 s of 360 s.
  const { incidents, points, of } = score(...STORY);
  assert.deepEqual(
    incidents[0]?.parts.map((part) => [part.part, part.points, part.of]),
    [
      ['acknowledge', 27, 30],
      ['diagnose', 24 - 5, 30],
      ['mitigate', 24, 40],
    ],
  );
  assert.deepEqual([points, of], [70, 100]);
  const hint: GameEvent = { event: 'hint', at: s(50), entry: 0 };
  const closed: GameEvent = { event: 'closed', at: s(182) };
  const cost = score(...STORY.slice(0, 7), hint, ...STORY.slice(7), declared(175), closed);
  assert.deepEqual([cost.points, cost.falseAlarms], [70 - 10 - 15, 1]);
});

test('a false alarm costs once it is closed, and never more than there is', () => {
  const alarms = [begun(), steady(1), declared(2), declared(3), declared(4)];
  assert.equal(score(...alarms).falseAlarms, 2);
  const over: GameEvent = { event: 'over', at: s(5), how: 'ended' };
  assert.deepEqual([score(...alarms, over).falseAlarms, score(...alarms, over).points], [3, 0]);
});

test('what is declared while an earlier incident dies away is neither right nor wrong', () => {
  const dying = [...until(100), ended(381, 0, 'limit'), declared(382)];
  assert.equal(after(...dying).declarations.at(-1)?.truth, 'echo');
  assert.equal(after(...dying, steady(390), declared(391)).declarations.at(-1)?.truth, 'false');
  assert.equal(after(begun(), declared(1)).declarations[0]?.truth, 'echo', 'before the first look');
});

test('a decoy that makes the lab unwell is a decoy all the same', () => {
  const decoy = [
    ...STORY,
    ended(170, 1, 'failed'),
    acted(190, 2),
    effect(191, 2),
    unwell(192, 'x'),
    declared(193),
  ];
  assert.equal(after(...decoy).declarations.at(-1)?.truth, 'false');
  const later = [...decoy.slice(0, -1), ended(193, 2, 'over'), declared(194)];
  assert.equal(after(...later).declarations.at(-1)?.truth, 'false', 'also a moment after it');
  assert.deepEqual(move(200, decoy, true), { move: 'end', entry: 2, how: 'over', mitigatedAt: null });
});

test('what an orchestrator that was killed has taken back is not mitigated, and costs nobody anything', () => {
  const killed = [...until(93), { event: 'resumed', at: s(120) } as const, ended(121, 0, 'restart')];
  const { entries } = after(...killed);
  assert.deepEqual([entries[0]?.how, entries[0]?.mitigatedAt], ['restart', null]);
  const { points, of, incidents } = score(...killed);
  assert.deepEqual(
    incidents[0]?.parts.map(({ points, of }) => [points, of]),
    [
      [27, 30],
      [19, 30],
      [0, 0],
    ],
  );
  assert.deepEqual([points, of], [46, 60]);
  assert.deepEqual(move(122, killed), { move: 'wait' }, 'the next waits for a lab that is well');
});

test('a day that is interrupted can be gone on with, and what was in force costs nobody anything', () => {
  const leaving = [ended(94, 0, 'interrupted'), { event: 'interrupted', at: s(94) } as const];
  const interrupted = [...until(93), ...leaving];
  const { over, current, ...left } = after(...interrupted);
  assert.deepEqual([left.interrupted, over, current, left.entries[0]?.how], [true, null, 1, 'interrupted']);
  assert.deepEqual([score(...interrupted).points, score(...interrupted).of], [46, 60]);
  const again = [...interrupted, { event: 'resumed', at: s(120) } as const, steady(121)];
  assert.equal(after(...again).interrupted, false);
  assert.deepEqual(move(121 + 18, again), { move: 'act', entry: 1 });
});

test('history has the last word on when an alert fired, also while nobody looked', () => {
  const silent = STORY.filter((event) => event.event !== 'alert');
  const episode = {
    alert: 'RedisDown',
    labels: {},
    activeAt: s(22),
    firedAt: s(28),
    resolvedAt: null,
  };
  const other = { ...episode, alert: 'HighCPU', firedAt: s(23) };
  const history: GameEvent = { event: 'history', at: s(169), entry: 0, episodes: [other, episode], dues: [] };
  assert.equal(after(...silent).entries[0]?.detectedAt, null);
  assert.equal(after(...silent, history).entries[0]?.detectedAt, s(28));
  assert.equal(after(...STORY, history).entries[0]?.detectedAt, s(28));
});

test('a declaration that nothing stands behind is closed by the steady state, also while an incident goes on', () => {
  const open = [begun(), steady(1), declared(2), resolved(3)];
  assert.deepEqual(move(4.1, open), { move: 'close' });
  const late = [begun(), steady(1), declared(2), acted(20, 0), effect(21, 0), unwell(22, 'x')];
  assert.equal(after(...late, declared(23)).declarations[1]?.truth, 'incident', 'it can be declared anew');
  assert.equal(after(...late, declared(23)).entries[0]?.acknowledgedAt, s(23));
  assert.equal(after(...late).entries[0]?.acknowledgedAt, null, 'the earlier one was about nothing');
});

test('the cause is right by the fault, whoever asks, and only for what is declared', () => {
  const right = (...events: GameEvent[]) =>
    after(...events)
      .declarations.at(-1)
      ?.guesses.at(-1)?.right;
  assert.equal(right(...until(57), cause(58, 'redis', 'stopped')), true);
  assert.equal(right(...until(57), cause(58, 'redis', 'frozen')), false);
  assert.equal(right(begun(), steady(1), declared(2), cause(3, 'redis', 'stopped')), false);
});

test('what cannot be done is refused in a sentence', () => {
  const refusal = (events: GameEvent[], action: Parameters<typeof decide>[2]) => {
    const decision = decide(day, after(...events), action, s(200));
    return 'refused' in decision ? decision.refused : `done: ${decision.event.event}`;
  };
  const start = [begun(), steady(1)];
  assert.match(refusal(start, { do: 'resolve' }), /Nothing is declared/);
  assert.match(refusal(until(57), { do: 'resolve' }), /^Not yet: RedisDown is pending\.$/);
  assert.match(refusal(start, { do: 'cause', service: 'redis', kind: 'stopped' }), /Declare/);
  assert.match(refusal(until(57), { do: 'cause', service: 'redis', kind: 'toString' }), /Choose/);
  assert.match(refusal(until(60), { do: 'cause', service: 'api', kind: 'stopped' }), /named already/);
  assert.match(refusal(until(93), { do: 'cause', service: 'api', kind: 'frozen' }), /known already/);
  assert.match(refusal(start, { do: 'hint' }), /No incident/);
  assert.match(refusal(until(57), { do: 'inject' }), /One thing at a time/);
  assert.match(refusal([begun(), unwell(1, 'a', 'b', 'c', 'd')], { do: 'inject' }), /a; b; c; and 1 more/);
  assert.match(refusal(start, { do: 'continue' }), /not paused/);
  assert.equal(refusal(start, { do: 'declare', note: '' }), 'done: declared');
  const hints = [0, 1, 2].map((): GameEvent => ({ event: 'hint', at: s(58), entry: 0 }));
  assert.equal(refusal([...until(57), ...hints.slice(1)], { do: 'hint' }), 'done: hint');
  assert.match(refusal([...until(57), ...hints], { do: 'hint' }), /no other hint/);
  const over: GameEvent = { event: 'over', at: s(100), how: 'ended' };
  assert.match(refusal([...until(57), over], { do: 'declare', note: '' }), /over/);
});

test('a day that is ended in the middle of an incident excuses what was not done', () => {
  const state = after(...until(57), { event: 'over', at: s(60), how: 'ended' });
  assert.deepEqual([state.entries[0]?.status, state.entries[0]?.how], ['over', 'stopped']);
  assert.deepEqual([scoreOf(day, state).points, scoreOf(day, state).of], [27, 30]);
});
