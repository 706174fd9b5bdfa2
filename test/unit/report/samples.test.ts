import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { decodeSamples, encodeSamples, packSamples, textOfSamples } from '../../../src/report/samples.ts';
import type { RawSamples } from '../../../src/run/samples.ts';

const T = 1_795_581_314.125;
const samples: RawSamples = {
  fromMs: T * 1000 - 60_000,
  toMs: T * 1000 + 60_000,
  asked: ['up', '{job="api"}'],
  groups: [{ name: 'g', file: 'g.yml', intervalMs: 1500, evaluatedAt: T * 1000 }],
  series: [
    { metric: { __name__: 'up', job: 'api' }, values: [[T, '1']] },
    {
      metric: { __name__: 'x_total', ä: '"' },
      // Late by two milliseconds, then a scrape left out; the same value twice, and what no JSON number can say.
      values: [
        [T, '1'],
        [T + 1.5, '1'],
        [T + 3.002, '1e+21'],
        [T + 6, 'NaN'],
        [T + 7.5, '+Inf'],
        [T + 9, '-Inf'],
        [T + 10.5, '0.30000000000000004'],
      ],
    },
    { metric: { __name__: 'never' }, values: [] },
  ],
};

test('samples come back as they were, to the millisecond and the last digit', () => {
  const back = decodeSamples(encodeSamples(samples));
  const last = back.series.pop();
  assert.deepEqual(back, { ...samples, series: samples.series.slice(0, -1) });
  assert.deepEqual(last, { metric: { __name__: 'never' }, values: [] });
});

test('a value that stands still at a steady beat costs next to nothing', () => {
  const values = Array.from({ length: 10_000 }, (_, i): [number, string] => [
    (T * 1000 + i * 1500) / 1000,
    '7',
  ]);
  const one = { ...samples, series: [{ metric: { __name__: 'y' }, values }] };
  const text = encodeSamples(one);
  assert.ok(text.length < 400, text);
  assert.deepEqual(decodeSamples(text), one);
});

test('the note counts, and other bytes than its own are refused', () => {
  const { bytes, note } = packSamples(samples);
  assert.deepEqual([note.series, note.points], [3, 8]);
  assert.equal(textOfSamples(bytes, note), encodeSamples(samples));
  assert.equal(textOfSamples(gzipSync(encodeSamples({ ...samples, toMs: 0 })), note), undefined);
  assert.equal(textOfSamples(bytes.subarray(0, 40), note), undefined);
  assert.equal(textOfSamples(Buffer.from('no gzip'), note), undefined);
});
