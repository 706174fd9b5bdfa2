import assert from 'node:assert/strict';
import { test } from 'node:test';
import { episodesOfRule } from '../../../src/replay/alerting.ts';

/** An evaluation a second: `x` has a result, `.` has none. */
const times = (drawn: string) => [...drawn].flatMap((one, second) => (one === 'x' ? [second * 1000] : []));
const all = (drawn: string) => [...drawn].map((_, second) => second * 1000);
const rule = (forMs = 0, keepFiringForMs = 0, labels = {}) => ({ name: 'A', forMs, keepFiringForMs, labels });
/** Active, firing and gone, in seconds. */
const stays = (drawn: string, forS: number, keepS = 0) =>
  episodesOfRule(rule(forS * 1000, keepS * 1000), [{ metric: {}, times: times(drawn) }], all(drawn)).map(
    ({ activeAt, firedAt, resolvedAt }) =>
      [activeAt, firedAt, resolvedAt].map((time) => (time === undefined ? '-' : time / 1000)).join(' '),
  );

const CASES: [why: string, drawn: string, forS: number, keepS: number, stays: string[]][] = [
  ['nothing at all', '.....', 0, 0, []],
  ['no for: firing at the evaluation that found it', '..xx.', 0, 0, ['2 2 4']],
  ['for of whole evaluations: firing as it has passed', '..xxx.', 2, 0, ['2 4 5']],
  ['for is rounded up to the next evaluation', '..xxxx', 2.5, 0, ['2 5 -']],
  ['for shorter than the interval: the next evaluation', '..xx.', 0.001, 0, ['2 3 4']],
  ['one evaluation short is never firing', '..xx.', 2, 0, ['2 - 4']],
  ['one evaluation without a result starts the for anew', '.xx.xxx.', 2, 0, ['1 - 3', '4 6 7']],
  ['firing, and one evaluation without a result: gone, and a new stay', '.xxx.xxx', 1, 0, ['1 2 4', '5 6 -']],
  ['still there at the end', 'xx', 5, 0, ['0 - -']],
  ['keep_firing_for from the first evaluation without a result', 'xx.....', 0, 3, ['0 0 5']],
  ['keep_firing_for is rounded up', 'xx.....', 0, 2.5, ['0 0 5']],
  ['a result while it is kept starts keep_firing_for anew', 'x..x....', 0, 3, ['0 0 7']],
  ['keep_firing_for shorter than the interval: one evaluation', 'x....', 0, 0.5, ['0 0 2']],
  ['keep_firing_for does not keep what is only pending', 'xx...', 3, 3, ['0 - 2']],
];

for (const [why, drawn, forS, keepS, expected] of CASES) {
  test(`${drawn} ${why}`, () => {
    assert.deepEqual(stays(drawn, forS, keepS), expected);
  });
}

test('the rule’s labels are added, the metric’s name is not, and an empty label takes one away', () => {
  const metric = { __name__: 'up', alertname: 'x', job: 'api', pod: '1' };
  const labels = { severity: 'page', job: 'mine', pod: '' };
  const [stay] = episodesOfRule(rule(0, 0, labels), [{ metric, times: [0] }], [0]);
  assert.deepEqual(stay, {
    alert: 'A',
    labels: { job: 'mine', severity: 'page' },
    activeAt: 0,
    firedAt: 0,
    resolvedAt: undefined,
  });
});

test('each label set is an alert of its own, and series that become the same are one', () => {
  const truths = [
    { metric: { __name__: 'a', job: 'api' }, times: [0, 1000] },
    { metric: { job: 'db' }, times: [1000] },
    { metric: { __name__: 'b', job: 'api' }, times: [2000] },
  ];
  const found = episodesOfRule(rule(2000), truths, [0, 1000, 2000, 3000]);
  assert.deepEqual(
    found.map(({ labels, activeAt, firedAt }) => [labels.job, activeAt, firedAt]),
    [
      ['api', 0, 2000],
      ['db', 1000, undefined],
    ],
  );
});
