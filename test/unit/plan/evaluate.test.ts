import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evaluate } from '../../../src/plan/evaluate.ts';
import { parseExposition } from '../../../src/rules/exposition.ts';
import { readExpression } from '../../../src/rules/expression.ts';

const { exposition } = parseExposition(
  `# TYPE req_total counter
req_total{path="/a",status="200"} 90
req_total{path="/a",status="500"} 10
req_total{path="/b",status="200"} 300
# TYPE busy gauge
busy{pool="x"} 3
busy{pool="y"} 5
# TYPE size gauge
size{pool="x"} 10
size{pool="y"} 10
# TYPE total gauge
total 20
# TYPE idle_total counter
idle_total{path="/a"} 0
# TYPE lat histogram
lat_bucket{le="0.1"} 50
lat_bucket{le="0.5"} 90
lat_bucket{le="+Inf"} 100
`,
  'm.txt',
);

/** What an expression gives: `{labels} value` each, a number, or undefined where nobody can tell. */
function given(expr: string): unknown {
  const value = evaluate(readExpression(expr), exposition);
  if (!value || 'number' in value) return value?.number;
  return value.results.map(({ labels, value }) => {
    const text = Object.entries(labels).map(([label, one]) => `${label}=${one}`);
    return `{${text.join(',')}} ${Number(value.toFixed(4))}`;
  });
}

test('gauges, arithmetic and comparisons, which keep the left side', () => {
  assert.deepEqual(given('busy'), ['{pool=x} 3', '{pool=y} 5']);
  assert.deepEqual(given('busy > 4'), ['{pool=y} 5']);
  assert.deepEqual(given('4 < busy'), ['{pool=y} 5']);
  assert.deepEqual(given('busy / size * 100 > 40'), ['{pool=y} 50']);
  assert.deepEqual(given('busy / on () group_left () total'), ['{pool=x} 0.15', '{pool=y} 0.25']);
  assert.deepEqual(given('-busy + 1'), ['{pool=x} -2', '{pool=y} -4']);
  assert.equal(given('(1 - 0.995) * 200'), (1 - 0.995) * 200);
});

test('aggregations, by and without', () => {
  assert.deepEqual(given('sum(busy)'), ['{} 8']);
  assert.deepEqual(given('avg by (path) (req_total)'), ['{path=/a} 50', '{path=/b} 300']);
  assert.deepEqual(given('max without (status) (req_total)'), ['{path=/a} 90', '{path=/b} 300']);
  assert.deepEqual(given('count(busy) + min(busy)'), ['{} 5']);
  assert.equal(given('topk(1, busy)'), undefined);
});

test('a ratio of rates is that of the counters; a rate alone, or compared with a number, is not known', () => {
  const failed = 'sum by (path) (rate(req_total{status=~"5.."}[5m]))';
  assert.deepEqual(given(`${failed} / sum by (path) (rate(req_total[5m])) > 0.05`), ['{path=/a} 0.1']);
  assert.deepEqual(given('sum(increase(req_total{status="500"}[1m])) / sum(rate(req_total[5m]))'), [
    '{} 1.5',
  ]);
  assert.equal(given('rate(req_total[5m]) > 1'), undefined);
  assert.equal(given('sum(rate(req_total[5m])) + sum(busy)'), undefined);
  assert.equal(given('rate(req_total[5m]) * rate(req_total[5m]) / rate(req_total[5m]) > 1'), undefined);
  // More than nothing is more than nothing in any unit.
  assert.deepEqual(given('rate(req_total{status="500"}[5m]) > 0'), ['{path=/a,status=500} 10']);
  assert.equal(given('rate(idle_total[5m]) < 1'), undefined);
  assert.equal(given('rate(busy[5m])'), undefined);
});

test('set operations, and what fills a gap', () => {
  assert.deepEqual(given('busy and on (pool) size > 4'), ['{pool=x} 3', '{pool=y} 5']);
  assert.deepEqual(given('busy unless busy > 4'), ['{pool=x} 3']);
  assert.deepEqual(given('(busy > 100) or total'), ['{} 20']);
  assert.deepEqual(given('sum(busy > 100) or vector(0)'), ['{} 0']);
  assert.equal(given('busy or not_there'), undefined);
});

test('quantiles are interpolated within their bucket, and nothing over nothing holds nothing', () => {
  assert.deepEqual(given('histogram_quantile(0.7, sum by (le) (rate(lat_bucket[5m])))'), ['{} 0.3']);
  assert.deepEqual(given('histogram_quantile(0.99, lat_bucket)'), ['{} 0.5']);
  assert.deepEqual(given('rate(idle_total[5m]) / rate(idle_total[5m]) > 0'), []);
});

test('what one moment, or one target, does not tell is undefined', () => {
  for (const expr of [
    'time() - busy',
    'predict_linear(busy[1h], 3600)',
    'sum_over_time(busy[5m])',
    'not_there',
    'busy{job="api"}',
    'busy offset 1h',
    'label_replace(busy, "a", "b", "", "")',
    'busy > bool 1',
  ])
    assert.equal(given(expr), undefined, expr);
  assert.deepEqual(given('avg_over_time(busy[5m]) > 4'), ['{pool=y} 5']);
});
