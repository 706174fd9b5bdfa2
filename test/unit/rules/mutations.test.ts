import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { PACKAGE_DIR } from '../../../src/core/paths.ts';
import { mutationsOf } from '../../../src/rules/mutations.ts';
import { syntaxErrors } from '../../../src/rules/promql.ts';
import { readRuleFiles } from '../../../src/rules/rule-files.ts';
import { renameMetrics } from '../../../src/rules/selectors.ts';

const changes = (expr: string, forMs = 0, speed = 1) =>
  mutationsOf({ expr, forMs }, speed).map(({ kind, before, after }) => `${kind}: ${before} → ${after}`);
const exprs = (expr: string, kind: string) =>
  mutationsOf({ expr }).flatMap((one) => (one.kind === kind ? [one.expr] : []));

test('a threshold goes up and down, wherever it stands', () => {
  assert.deepEqual(exprs('x > 5', 'threshold'), ['x > 10', 'x > 2.5']);
  assert.deepEqual(exprs('0.1 < sum(x)', 'threshold'), ['0.2 < sum(x)', '0.05 < sum(x)']);
  assert.deepEqual(exprs('x >= (1e3 * 2)', 'threshold'), ['x >= (2000 * 2)', 'x >= (500 * 2)']);
  assert.deepEqual(exprs('x > bool -4', 'threshold'), ['x > bool -8', 'x > bool -2']);
  assert.deepEqual(exprs('up == 0', 'threshold'), ['up == 1', 'up == -1']);
});

test('a share above one half is counted by what it leaves', () => {
  assert.deepEqual(exprs('x < 0.995', 'threshold'), ['x < 0.9975', 'x < 0.99']);
  assert.deepEqual(exprs('x < 0.95', 'threshold'), ['x < 0.975', 'x < 0.9']);
  assert.deepEqual(exprs('x > 0.5', 'threshold'), ['x > 1', 'x > 0.25']);
});

test('what is no threshold is left alone', () => {
  for (const expr of [
    'histogram_quantile(0.95, x)',
    'x * 100',
    'x > y',
    'x > y * 2',
    'x > +Inf',
    'x and y',
    'time() > z',
  ])
    assert.deepEqual(exprs(expr, 'threshold'), [], expr);
});

test('each comparison is turned, and no other operator is', () => {
  assert.deepEqual(exprs('a > 1 and b <= 2 unless c != on (x) d', 'comparison'), [
    'a < 1 and b <= 2 unless c != on (x) d',
    'a > 1 and b >= 2 unless c != on (x) d',
    'a > 1 and b <= 2 unless c == on (x) d',
  ]);
  assert.deepEqual(exprs('a + b / c ^ 2', 'comparison'), []);
});

test('each window is halved and doubled, in lab time as it is told; offsets and resolutions are not', () => {
  const expr = 'rate(x{a="[9m]"}[30s] offset 3s) + max_over_time(y[2m:10s])';
  assert.deepEqual(exprs(expr, 'window'), [
    expr.replace('[30s]', '[15s]'),
    expr.replace('[30s]', '[1m]'),
    expr.replace('[2m:', '[1m:'),
    expr.replace('[2m:', '[4m:'),
  ]);
  assert.deepEqual(changes('rate(x[30s])', 0, 10), ['window: 5m → 2m30s', 'window: 5m → 10m']);
});

test('each label matcher is negated, and the name of a metric is not', () => {
  const expr = '{__name__="up", a="b", c!="d", "e"=~"f.*"} + x{g!~"a > 5"}';
  assert.deepEqual(exprs(expr, 'matcher'), [
    expr.replace('a="b"', 'a!="b"'),
    expr.replace('c!="d"', 'c="d"'),
    expr.replace('"e"=~', '"e"!~'),
    expr.replace('g!~', 'g=~'),
  ]);
  assert.ok(changes(expr).includes('matcher: c!="d" → c="d"'));
});

test('for is doubled and taken away, and where there is none nothing is', () => {
  const mutations = mutationsOf({ expr: 'x', forMs: 6000 }, 10);
  assert.deepEqual(
    mutations.map(({ before, after, expr, forMs }) => [before, after, expr, forMs]),
    [
      ['1m', '2m', 'x', 12_000],
      ['1m', 'none', 'x', 0],
    ],
  );
  assert.deepEqual(mutationsOf({ expr: 'x' }), []);
});

test('of every rule of the lab, each mutant is PromQL, unlike the rule, and unlike the others', () => {
  const { alerts, recordings } = readRuleFiles(join(PACKAGE_DIR, 'stack/prometheus/rules'));
  let count = 0;
  for (const rule of [...alerts, ...recordings]) {
    const mutations = mutationsOf(rule);
    const forMs = 'forMs' in rule ? rule.forMs : 0;
    const all = mutations.map((one) => `${one.expr} for ${one.forMs}`);
    assert.equal(new Set([...all, `${rule.expr} for ${forMs}`]).size, all.length + 1, rule.expr);
    for (const { expr } of mutations) assert.deepEqual(syntaxErrors(expr), [], expr);
    for (const { from, before, kind, expr } of mutations)
      if (kind === 'threshold' || kind === 'comparison') assert.ok(rule.expr.startsWith(before, from), expr);
    count += mutations.length;
  }
  assert.ok(count > 100, String(count));
});

test('a metric is renamed where it is read, and nowhere else', () => {
  const names = new Map([['a:b', 'a:b:mutant1']]);
  assert.equal(
    renameMetrics('sum by (a) (a:b{x="a:b"}) / {__name__="a:b"} > a:c # a:b', names),
    'sum by (a) (a:b:mutant1{x="a:b"}) / {__name__="a:b:mutant1"} > a:c # a:b',
  );
});
