import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calibrationOf } from '../../../src/report/calibration.ts';
import { recordOf } from '../../../src/report/regrade.ts';
import type { Evidence } from '../../../src/run/record.ts';
import { evidence, stay } from '../../support/evidence.ts';

const record = (one: Evidence) => recordOf(one, null);

test('false fails, false passes and doubts are counted, each where it belongs', () => {
  const { runs, falseFails, inconclusive, controls, falsePasses } = calibrationOf([
    record(evidence([stay(107_000)])),
    record(evidence([])),
    record(evidence([], { restarted: ['prometheus'] })),
    record(evidence([], { control: 'no-fault' })),
    record(evidence([stay(107_000)], { control: 'no-fault' })),
  ]);
  assert.deepEqual([runs, falseFails, inconclusive, controls, falsePasses], [3, 1, 1, 2, 1]);
});

test('every delay has its least, its median and its most, controls apart', () => {
  const { delays } = calibrationOf([
    ...[107_000, 109_000, 108_000].map((at) => record(evidence([stay(at)]))),
    record(evidence([stay(110_000)], { control: 'no-fault' })),
  ]);
  const spread = delays.find(({ name }) => name === 'pending');
  assert.deepEqual(
    [spread?.leastMs, spread?.medianMs, spread?.mostMs],
    [600, 1600, 2600],
    JSON.stringify(delays),
  );
  const never = delays.find(({ name }) => name === 'notified');
  assert.deepEqual([never?.leastMs, never?.medianMs], [null, null]);
});
