import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ChaosError } from '../../../src/core/errors.ts';
import { divideMs, durations, lookback, scaleDurations, syntaxErrors } from '../../../src/rules/promql.ts';
import { metricNames } from '../../../src/rules/selectors.ts';

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

test('a computed duration is one, with its value, and keeps its value when divided', () => {
  const cases: [string, number, string][] = [
    ['x[(5m)]', 300_000, 'x[(30s)]'],
    ['x[+5m]', 300_000, 'x[+30s]'],
    ['x[5m + 5m]', 600_000, 'x[30s + 30s]'],
    ['x[2*5m]', 600_000, 'x[2*30s]'],
    ['x[5m*2]', 600_000, 'x[30s*2]'],
    ['x[10m/2]', 300_000, 'x[1m/2]'],
    ['x[2*300]', 600_000, 'x[200ms*300]'],
    ['x[20^2]', 400_000, 'x[40s]'],
    ['x[max_of(1m, step()):]', 60_000, 'x[max_of(6s, step()):]'],
    ['x offset (1h - 30m)', 1_800_000, 'x offset (6m - 3m)'],
  ];
  for (const [expr, ms, scaled] of cases) {
    assert.deepEqual(
      durations(expr).map((one) => one.ms),
      [ms],
      expr,
    );
    assert.equal(lookback(expr), ms, expr);
    assert.equal(scaleDurations(expr, 10), scaled);
    assert.equal(durations(scaled)[0]?.ms, ms / 10, scaled);
  }
});

test('the place of a duration is its text', () => {
  const texts = durations(NESTED).map(({ from, to }) => NESTED.slice(from, to));
  assert.deepEqual(texts, ['5m', '30m', '1m', '10m']);
});

test('by 1 nothing changes, not even how a duration is written', () => {
  const odd = 'rate(x[300]) + rate(y[60s]) offset 1w';
  assert.equal(scaleDurations(odd, 1), odd);
});

test('what is no PromQL is not divided, but refused', () => {
  for (const expr of ['x[1i]', 'x[1.5h]', 'rate(x[$__rate_interval])', 'sum(', '', 'x[inf]', 'x[1m 30s]']) {
    assert.throws(() => scaleDurations(expr, 10), { name: ChaosError.name, kind: 'bad-file' }, expr);
  }
});

test('what lezer takes and Prometheus does not is an error too', () => {
  assert.deepEqual(syntaxErrors('up{job="x\n}'), [{ from: 7, to: 9 }]);
  assert.deepEqual(syntaxErrors('x\u00a0> 1'), [{ from: 1, to: 2 }]);
  assert.deepEqual(syntaxErrors('x{a="\u00a0", b=\'c"\', d=`e\n`} > 1 # \u00a0'), []);
  assert.deepEqual(syntaxErrors(String.raw`x{a="\"", b="\\"}`), []);
});

test('quoted metric names are names', () => {
  assert.deepEqual(
    metricNames('{"my.metric", a="b"} + {"__name__"=\'c\'} + {__name__!="d"} + {__name__=~"e"}'),
    ['my.metric', 'c'],
  );
  assert.deepEqual(metricNames('{ __name__ # which\n = "x", other="y" }'), ['x']);
});

test('the lookback of a metric counts where it is read', () => {
  const behind = (metric: string) => (metric === 'r' ? 60_000 : 0);
  assert.equal(lookback('max_over_time(r[5m])', behind), 360_000);
  assert.equal(lookback('r / rate(x[5m])', behind), 300_000);
});

test('a divided duration is a whole number of milliseconds and never shorter', () => {
  assert.equal(divideMs(60_000, 7), 8572);
  assert.equal(divideMs(1, 10), 1);
  assert.equal(divideMs(0, 10), 0);
});
