import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourcesOf } from '../../../src/rules/sources.ts';

test('what an expression reads in the end, with the matchers that a series has from its beginning', () => {
  const recordings = [
    {
      record: 'slo',
      expr: 'sum(rate(x_bucket{le="0.3", status="500"}[5m])) / sum(rate(x_count[5m]))',
      group: 'g',
    },
  ];
  assert.deepEqual(sourcesOf('slo < 0.9 and up{job="api"} == 1', recordings), [
    'x_bucket{le="0.3"}',
    'x_count',
    'up{job="api"}',
  ]);
  assert.deepEqual(sourcesOf('up == 0 or up == 2', []), ['up']);
  assert.deepEqual(sourcesOf('{"a.b", job!="x"} > 1', []), ['{__name__="a.b",job!="x"}']);
  assert.deepEqual(sourcesOf('{job="x"} > 1', []), [], 'whatever has that label is no metric');
});

test('recording rules that read each other end', () => {
  const recordings = [
    { record: 'a', expr: 'b', group: 'g' },
    { record: 'b', expr: 'a', group: 'g' },
  ];
  assert.deepEqual(sourcesOf('a > 1', recordings), ['a']);
});
