import assert from 'node:assert/strict';
import { test } from 'node:test';
import { delaysOf } from '../../../src/verdict/delays.ts';

const at = (seconds: number) => new Date(seconds * 1000).toISOString();
const whole = {
  firstBadSampleAt: at(101),
  activeAt: at(102),
  firedAt: at(108),
  receivedAt: at(108.5),
  notifiedAt: at(109),
  resolvedAt: at(121),
};

test('each stretch has its length, its share and its setting, and the shares are the whole', () => {
  const delays = delaysOf(whole, 100_000, 120_000);
  assert.deepEqual(
    delays.map(({ name, ms, share }) => [name, ms, share]),
    [
      ['first bad sample', 1000, 0.1],
      ['pending', 1000, 0.1],
      ['firing', 6000, 0.6],
      ['received', 500, 0.05],
      ['notified', 500, 0.05],
      ['resolved', 1000, 0.1],
    ],
  );
  assert.match(delays[2]!.setting, /for/);
});

test('a moment that nobody saw adds its stretch to the next', () => {
  const delays = delaysOf({ ...whole, receivedAt: null, firstBadSampleAt: null }, 100_000, null);
  assert.deepEqual(
    delays.map(({ name, ms }) => [name, ms]),
    [
      ['pending', 2000],
      ['firing', 6000],
      ['notified', 1000],
    ],
  );
});

test('without an effect there is no delay, and an alert gone before its cause was has none to recover', () => {
  assert.deepEqual(delaysOf(whole, null, 120_000), []);
  assert.equal(delaysOf(whole, 100_000, 122_000).at(-1)?.name, 'notified');
});
