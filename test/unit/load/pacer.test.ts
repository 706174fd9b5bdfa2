import assert from 'node:assert/strict';
import { test } from 'node:test';
import { arrivals, seeded, share } from '../../../src/load/pacer.ts';
import { area, type LoadStage } from '../../../src/load/stages.ts';

const constant = (stages: LoadStage[]) => [...arrivals(stages, 'constant', () => 0)];
const near = (seen: number | undefined, wanted: number) =>
  assert.ok(Math.abs((seen ?? Number.NaN) - wanted) < 1e-6, `${seen}, not ${wanted}`);

test('a constant rate is evenly spaced, from 0 and without the end', () => {
  const times = constant([{ to: 5, overMs: 0 }, { holdMs: 1000 }]);
  assert.equal(times.length, 5);
  for (const [index, time] of times.entries()) near(time, index * 200);
});

test('500 a second for 30 s is exactly 500 in every second', () => {
  const perSecond = new Map<number, number>();
  for (const time of constant([{ to: 500, overMs: 0 }, { holdMs: 30_000 }])) {
    // A hair more, as 2 ms steps in binary may fall a hair short.
    const second = Math.floor((time + 1e-6) / 1000);
    perSecond.set(second, (perSecond.get(second) ?? 0) + 1);
  }
  assert.equal(perSecond.size, 30);
  assert.deepEqual([...new Set(perSecond.values())], [500]);
});

test('on a linear ramp the k-th request is where the area under the ramp is k', () => {
  // 0 to 10 a second over 2 s: N(t) = 2.5 t² requests, t in seconds.
  const times = constant([{ to: 10, overMs: 2000 }]);
  assert.equal(times.length, 10);
  for (const [k, time] of times.entries()) near(time, Math.sqrt(k / 2.5) * 1000);
});

test('a ramp down slows down and ends', () => {
  const stages: LoadStage[] = [
    { to: 10, overMs: 0 },
    { to: 0, overMs: 2000 },
  ];
  const times = constant(stages);
  assert.equal(times.length, 10);
  assert.ok(times.every((time, k) => k === 0 || time > times[k - 1]!));
  assert.ok(times[9]! - times[8]! > times[1]! - times[0]!);
  for (const [k, time] of times.entries()) near(area(stages, time), k);
});

test('stages follow each other without a gap or a request too many', () => {
  const stages: LoadStage[] = [
    { to: 7, overMs: 0 },
    { holdMs: 333 },
    { to: 19, overMs: 777 },
    { holdMs: 1234 },
    { to: 3, overMs: 500 },
  ];
  const times = constant(stages);
  assert.equal(times.length, Math.ceil(area(stages, Number.POSITIVE_INFINITY)));
  for (const [k, time] of times.entries()) near(area(stages, time), k);
});

test('nothing arrives at a rate of 0', () => {
  assert.deepEqual(constant([{ to: 0, overMs: 0 }, { holdMs: 1000 }]), []);
});

test('poisson: the mean is the rate, and gaps are exponential', () => {
  const times = [...arrivals([{ to: 200, overMs: 0 }, { holdMs: 100_000 }], 'poisson', seeded(7))];
  // 20,000 expected, standard deviation 141.
  assert.ok(Math.abs(times.length - 20_000) < 5 * 141, `${times.length}`);
  const gaps = times.slice(1).map((time, index) => time - times[index]!);
  const mean = gaps.reduce((sum, gap) => sum + gap, 0) / gaps.length;
  const variance = gaps.reduce((sum, gap) => sum + (gap - mean) ** 2, 0) / gaps.length;
  // The coefficient of variation of an exponential is 1; of even spacing it would be 0.
  assert.ok(Math.abs(Math.sqrt(variance) / mean - 1) < 0.05, `${Math.sqrt(variance) / mean}`);
  assert.ok(Math.abs(gaps.filter((gap) => gap > mean).length / gaps.length - Math.exp(-1)) < 0.02);
});

test('poisson follows a ramp', () => {
  const times = [...arrivals([{ to: 1000, overMs: 20_000 }], 'poisson', seeded(1))];
  // A quarter of the area lies in the first half.
  const early = times.filter((time) => time < 10_000).length / times.length;
  assert.ok(Math.abs(early - 0.25) < 0.02, `${early}`);
});

test('workers share a sequence without a gap or a double', () => {
  const whole = [...arrivals([{ to: 100, overMs: 0 }, { holdMs: 1000 }], 'poisson', seeded(3))];
  const parts = [0, 1, 2].map((index) => [
    ...share(arrivals([{ to: 100, overMs: 0 }, { holdMs: 1000 }], 'poisson', seeded(3)), index, 3),
  ]);
  assert.deepEqual(
    parts.flat().sort((a, b) => a - b),
    whole,
  );
  assert.ok(Math.abs(parts[0]!.length - parts[2]!.length) <= 1);
});
