import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Histogram } from 'hdr-histogram-js';
import { decode, LONGEST_US, latencyOf, newHistogram } from '../../../src/load/histogram.ts';
import { type LoadResult, noCounts } from '../../../src/load/load.ts';
import { mergeResults } from '../../../src/load/merge.ts';
import { Tally } from '../../../src/load/tally.ts';

/** The count of every bucket there is. */
function buckets(histogram: Histogram): number[] {
  const { countsArrayLength } = histogram as unknown as { countsArrayLength: number };
  const counting = histogram as unknown as { getCountAtIndex(index: number): number };
  return Array.from({ length: countsArrayLength }, (_, index) => counting.getCountAtIndex(index));
}

/** What one generator would report of answers at these times, in milliseconds, with these latencies. */
function reportOf(answers: readonly { atMs: number; latencyMs: number; status: number }[]): LoadResult {
  let elapsed = 0;
  const tally = new Tally(() => elapsed);
  for (const { atMs, latencyMs, status } of [...answers].sort((a, b) => a.atMs - b.atMs)) {
    elapsed = atMs;
    tally.sending();
    tally.answered(status, latencyMs);
  }
  const about = { name: 'load', model: 'open' as const, startedAt: 0, fullAt: 0, endedAt: 0, peak: 0 };
  const figures = { intended: answers.length, delivered: answers.length, achievedRate: 0, error: null };
  const generator = { cpuMs: 0, cores: 0, lagMs: { p99: 0, max: 0 } };
  // As it comes from another machine.
  return JSON.parse(JSON.stringify({ ...about, ...figures, generator, ...tally.end() })) as LoadResult;
}

const answer = fc.record({
  atMs: fc.integer({ min: 0, max: 5000 }),
  latencyMs: fc.oneof(
    fc.double({ min: 0, max: 50, noNaN: true }),
    fc.double({ min: 0, max: 700_000, noNaN: true }),
  ),
  status: fc.constantFrom(200, 502),
});

test('merged, generators have the histogram of all their values together: each bucket, second by second', () => {
  fc.assert(
    fc.property(fc.array(fc.array(answer, { maxLength: 60 }), { minLength: 2, maxLength: 6 }), (parts) => {
      const merged = mergeResults(parts.map(reportOf));
      const all = parts.flat();
      const whole = newHistogram();
      const inMicroseconds = (ms: number) => Math.min(LONGEST_US, Math.max(1, Math.round(ms * 1000)));
      const counted = noCounts();
      for (const { second, histogram, completed, failed } of merged.seconds) {
        const expected = newHistogram();
        const then = all.filter(({ atMs }) => Math.floor(atMs / 1000) === second);
        for (const { latencyMs } of then) expected.recordValue(inMicroseconds(latencyMs));
        assert.deepEqual(buckets(decode(histogram)), buckets(expected));
        counted.completed += completed;
        counted.failed += failed;
        whole.add(expected);
      }
      assert.equal(whole.totalCount, all.length);
      assert.deepEqual(merged.latencyMs, latencyOf(whole));
      assert.deepEqual(
        [merged.completed, merged.sent, counted.completed, counted.failed],
        [all.length, all.length, all.length, all.filter(({ status }) => status === 502).length],
      );
    }),
    { numRuns: 30 },
  );
});

test('one value in another bucket is seen', () => {
  const one = newHistogram();
  const other = newHistogram();
  one.recordValue(5000);
  other.recordValue(5010);
  assert.notDeepEqual(buckets(one), buckets(other));
});
