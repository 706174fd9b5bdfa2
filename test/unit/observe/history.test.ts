import assert from 'node:assert/strict';
import { test } from 'node:test';
import { episodesOf } from '../../../src/observe/history.ts';

const every = () => 1500;
/** Samples at the given milliseconds. */
const at = (...ms: number[]): [number, string][] => ms.map((one) => [one / 1000, '1']);
const pending = (...ms: number[]) => ({
  metric: { __name__: 'ALERTS', alertname: 'A', job: 'api', alertstate: 'pending' },
  values: at(...ms),
});
const firing = (...ms: number[]) => ({
  metric: { __name__: 'ALERTS', alertname: 'A', job: 'api', alertstate: 'firing' },
  values: at(...ms),
});

test('a stay is pending, firing and gone by the timestamps of the evaluations', () => {
  const stays = episodesOf([pending(10_000, 11_500), firing(13_000, 14_500, 16_000)], [], 60_000, every);
  assert.deepEqual(stays, [
    { alert: 'A', labels: { job: 'api' }, activeAt: 10_000, firedAt: 13_000, resolvedAt: 17_500 },
  ]);
});

test('an alert that was only pending never fired', () => {
  const [stay] = episodesOf([pending(10_000, 11_500)], [], 60_000, every);
  assert.equal(stay?.firedAt, undefined);
  assert.equal(stay?.resolvedAt, 13_000);
});

test('one evaluation without it ends a stay and begins another', () => {
  const stays = episodesOf([pending(10_000, 13_000, 14_500), firing(16_000)], [], 60_000, every);
  assert.deepEqual(
    stays.map(({ activeAt, firedAt }) => [activeAt, firedAt]),
    [
      [10_000, undefined],
      [13_000, 16_000],
    ],
  );
});

test('pending after firing is a new stay, even without a gap', () => {
  const stays = episodesOf([pending(10_000, 13_000), firing(11_500, 14_500)], [], 60_000, every);
  assert.deepEqual(
    stays.map(({ firedAt }) => firedAt),
    [11_500, 14_500],
  );
});

test('a stay that lasts to the end of the history is not resolved', () => {
  const [stay] = episodesOf([firing(10_000, 11_500)], [], 12_500, every);
  assert.equal(stay?.resolvedAt, undefined);
});

test('an alert that was active before the window has its activeAt from ALERTS_FOR_STATE', () => {
  const forState = [
    {
      metric: { __name__: 'ALERTS_FOR_STATE', alertname: 'A', job: 'api' },
      values: [[10, '2'] as [number, string]],
    },
  ];
  const [stay] = episodesOf([firing(10_000, 11_500)], forState, 60_000, every);
  assert.equal(stay?.activeAt, 2000);
});

test('the whole seconds of ALERTS_FOR_STATE do not move a stay that began in the window', () => {
  const forState = [
    {
      metric: { __name__: 'ALERTS_FOR_STATE', alertname: 'A', job: 'api' },
      values: [[10.7, '10'] as [number, string]],
    },
  ];
  const [stay] = episodesOf([pending(10_700, 12_200)], forState, 60_000, every);
  assert.equal(stay?.activeAt, 10_700);
});

const sinceTen = (...ms: number[]) => [
  {
    metric: { __name__: 'ALERTS_FOR_STATE', alertname: 'A', job: 'api' },
    values: ms.map((one) => [one / 1000, '10'] as [number, string]),
  },
];

test('an evaluation that Prometheus skipped does not end a stay', () => {
  const samples = [pending(10_700, 12_200), firing(13_700, 16_700, 18_200)];
  const stays = episodesOf(samples, sinceTen(10_700, 12_200, 13_700, 16_700, 18_200), 60_000, every);
  assert.deepEqual(stays, [
    { alert: 'A', labels: { job: 'api' }, activeAt: 10_700, firedAt: 13_700, resolvedAt: 19_700 },
  ]);
});

test('a stay after a gap with a pending time of its own is another one', () => {
  const forState = sinceTen(10_700, 12_200);
  forState[0]!.values.push([15.2, '15'], [16.7, '15']);
  const stays = episodesOf([firing(10_700, 12_200, 15_200, 16_700)], forState, 60_000, every);
  assert.deepEqual(
    stays.map(({ activeAt }) => activeAt),
    [10_700, 15_200],
  );
});
