import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LoadResult } from '../../../src/load/load.ts';
import { lostResult, mergeResults } from '../../../src/load/merge.ts';
import { Tally } from '../../../src/load/tally.ts';

/** A result whose requests were answered after so many milliseconds, at so many milliseconds after the start. */
function result(answers: [atMs: number, latencyMs: number][]): LoadResult {
  let elapsed = 0;
  const tally = new Tally(() => elapsed);
  for (const [atMs, latencyMs] of answers) {
    elapsed = atMs;
    tally.sending();
    tally.answered(200, latencyMs);
  }
  const load = { name: 'x', model: 'closed' as const, requests: [], stages: [] };
  const times = { startedAt: 0, endedAt: 1000, processes: 1 };
  return { ...lostResult(load, times, ''), error: null, ...tally.end() };
}

test('every second has its own counts and latencies, and empty ones are left out', () => {
  const { seconds, sent, latencyMs } = result([
    [100, 10],
    [900, 30],
    [3500, 50],
  ]);
  assert.deepEqual(
    seconds.map(({ second, sent: n, latencyMs: { max } }) => [second, n, Math.round(max)]),
    [
      [0, 2, 30],
      [3, 1, 50],
    ],
  );
  assert.equal(sent, 3);
  assert.equal(Math.round(latencyMs.max), 50);
});

test('merged histograms are those of one process that had seen it all', () => {
  const all = Array.from({ length: 3000 }, (_, i): [number, number] => [i, 1 + ((i * 7919) % 2503) / 3]);
  const whole = result(all);
  const merged = mergeResults([0, 1, 2].map((part) => result(all.filter((_, i) => i % 3 === part))));
  assert.deepEqual(merged.seconds, whole.seconds);
  assert.deepEqual(merged.latencyMs, whole.latencyMs);
  assert.deepEqual([merged.sent, merged.statuses], [3000, { 200: 3000 }]);
});

test('what a lost process should have done is intended and not delivered', () => {
  const load = {
    name: 'x',
    model: 'closed' as const,
    requests: [],
    stages: [{ to: 10, overMs: 2000 }, { holdMs: 2000 }],
  };
  const lost = lostResult(load, { startedAt: 0, endedAt: 3000, processes: 2 }, 'killed');
  // Ten connection-seconds on the ramp and ten after it, shared by two.
  assert.deepEqual([lost.intended, lost.delivered, lost.error], [10, 0, 'killed']);
});
