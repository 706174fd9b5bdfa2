import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durations, lookback, metricNames, scaleDurations, syntaxErrors } from '../../../src/rules/promql.ts';

const NESTED = 'max_over_time(rate(x{a="[5m]"}[5m])[30m:1m] offset 10m) # [5m]\n > 5';

test('every duration is found with its kind, and nothing else', () => {
  assert.deepEqual(
    durations(NESTED).map(({ kind, ms }) => [kind, ms]),
    [
      ['range', 300_000],
      ['subquery-range', 1_800_000],
      ['subquery-step', 60_000],
      ['offset', 600_000],
    ],
  );
});

test('scaling leaves strings, matchers, comments and numbers as they are', () => {
  assert.equal(
    scaleDurations(NESTED, 10),
    'max_over_time(rate(x{a="[5m]"}[30s])[3m:6s] offset 1m) # [5m]\n > 5',
  );
});

test('scaling rounds up to whole milliseconds', () => {
  assert.equal(scaleDurations('rate(x[1m])', 7), 'rate(x[8s572ms])');
});

test('a bare number in the place of a duration is seconds', () => {
  assert.equal(scaleDurations('rate(x[300])', 10), 'rate(x[30s])');
});

test('a negative offset is scaled, and an @ time is not', () => {
  assert.equal(
    scaleDurations('rate(x[5m] @ 1700000000 offset -1h)', 10),
    'rate(x[30s] @ 1700000000 offset -6m)',
  );
});

test('windows and offsets add up along the nesting; the longest branch decides', () => {
  assert.equal(lookback('up == 0'), 0);
  assert.equal(lookback('rate(x[5m]) / rate(y[10m])'), 600_000);
  assert.equal(lookback(NESTED), 300_000 + 1_800_000 + 600_000);
  assert.equal(lookback('x offset -1h'), 0);
});

test('metrics are named by identifier or by matcher, each once', () => {
  assert.deepEqual(metricNames('sum(rate(a_total[5m])) / b and {__name__="c", d="e"} or a_total'), [
    'a_total',
    'b',
    'c',
  ]);
});

test('what is no PromQL has its place', () => {
  assert.deepEqual(syntaxErrors('up == 0'), []);
  assert.notEqual(syntaxErrors('sum(').length, 0);
  assert.notEqual(syntaxErrors('rate(x[5m').length, 0);
});
