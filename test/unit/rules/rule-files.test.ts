import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { placeOf } from '../../../src/plan/findings/finding.ts';
import { deepLookback } from '../../../src/rules/lookback.ts';
import { parseRules, readRuleFiles } from '../../../src/rules/rule-files.ts';

const GOOD = `groups:
  - name: g
    interval: 30s
    rules:
      - record: r:a
        expr: rate(x[5m])
      - alert: A
        expr: r:a > 1
        for: 1m
        keep_firing_for: 2m
        labels: { severity: page }
`;

test('a rule file is read with its durations, its group and its lines', () => {
  const { alerts, recordings, problems } = parseRules(GOOD, 'g.yml');
  assert.deepEqual(problems, []);
  assert.equal(recordings[0]?.record, 'r:a');
  const [alert] = alerts;
  assert.equal(alert?.forMs, 60_000);
  assert.equal(alert?.keepFiringForMs, 120_000);
  assert.equal(alert?.intervalMs, 30_000);
  assert.equal(alert?.line, 7);
  assert.deepEqual(alert?.labels, { severity: 'page' });
});

test('a recorded metric brings the window of its rule along', () => {
  const { alerts, recordings } = parseRules(GOOD, 'g.yml');
  assert.equal(deepLookback(alerts[0]!.expr, recordings), 300_000);
});

test('a recording rule that reads itself ends the search', () => {
  const recordings = [{ record: 'a', expr: 'max_over_time(a[1m])', group: 'g' }];
  assert.equal(deepLookback('a', recordings), 60_000);
});

test('every mistake is told with its place', () => {
  const bad = GOOD.replace('rate(x[5m])', 'rate(x[5m]').replace('for: 1m', 'for: 1 minute');
  const { problems } = parseRules(bad, 'g.yml');
  assert.deepEqual(
    problems.map(({ line, column, message }) => `${line}:${column} ${message}`),
    ['6:25 this expr is no PromQL', '9:14 for: 1 minute is no duration; write it like 1m30s'],
  );
});

test('a file that is no rule file is one problem, not a crash', () => {
  for (const text of ['', '[1, 2]', 'groups: 3', 'groups:\n  - name: x', 'a: [', '"']) {
    assert.ok(parseRules(text, 'x.yml').problems.length > 0, text);
  }
});

const problems = (text: string) =>
  parseRules(text, 'x.yml').problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
const rules = (...lines: string[]) =>
  ['groups:', '  - name: g', '    rules:', ...lines.map((line) => `      ${line}`)].join('\n');

test('the place of a PromQL error is the character, in one line and in a block', () => {
  assert.deepEqual(problems(rules('- alert: A', '  expr: "up == == 1"')), ['5:22 this expr is no PromQL']);
  const block = rules('- alert: A', '  expr: |', '', '    up == 0', '      and (up', '  for: 1m');
  assert.deepEqual(problems(block), ['8:20 this expr is no PromQL']);
  const folded = rules('- alert: A', '  expr: >', '    up ==', '    == 0');
  assert.deepEqual(problems(folded), ['5:15 this expr is no PromQL']);
});

test('what Prometheus would refuse is told: unknown keys, windows of nothing, groups without a name or twice', () => {
  const only = 'has no place here: only';
  assert.deepEqual(problems(rules('- alert: A', '  expr: up', '  fro: 1m')), [
    `6:9 fro ${only} alert, expr, for, keep_firing_for, labels, annotations`,
  ]);
  assert.deepEqual(problems(rules('- record: r', '  expr: up', '  for: 1m')), [
    `6:9 for ${only} record, expr, labels`,
  ]);
  assert.deepEqual(problems(rules('- alert: A', '  record: r', '  expr: up')), [
    '4:9 a rule has either alert: or record:',
  ]);
  assert.deepEqual(problems(rules('- alert: A', '  expr: rate(x[0s]) > 0')), [
    '5:22 a window or a resolution must be longer than 0',
  ]);
  assert.deepEqual(problems('groups:\n  - rules: []'), ['2:5 a group needs a name']);
  assert.deepEqual(problems('groups:\n  - {name: a, rules: []}\n  - {name: a, rules: []}'), [
    '3:12 the group a is in this file twice',
  ]);
  assert.deepEqual(problems('groups: []\nextra: 1'), [`2:1 extra ${only} groups`]);
});

test('what Prometheus takes is no problem: aliases, merge keys, empty values, an interval of 0', () => {
  const text = rules(
    '- &a',
    '  alert: A',
    '  expr: &e up == 0',
    '  for:',
    '- alert: B',
    '  expr: *e',
    '- <<: *a',
    '  alert: C',
    '  labels: { n: 5, none: }',
  ).replace('    rules:', '    interval: 0s\n    rules:');
  const set = parseRules(text, 'x.yml');
  assert.deepEqual(set.problems, []);
  assert.deepEqual(
    set.alerts.map(({ name, expr, forMs, intervalMs }) => [name, expr, forMs, intervalMs]),
    ['A', 'B', 'C'].map((name) => [name, 'up == 0', 0, undefined]),
  );
  assert.deepEqual(set.alerts[2]?.labels, { n: '5', none: '' });
});

test('the longest of several rules of one name counts, and only where its metric is read', () => {
  const recordings = [
    { record: 'r', expr: 'rate(a[1m])', group: 'g' },
    { record: 'r', expr: 'rate(b[10m])', group: 'g' },
  ];
  assert.equal(deepLookback('r > 1', recordings), 600_000);
  assert.equal(deepLookback('max_over_time(r[5m])', recordings), 900_000);
  assert.equal(deepLookback('r / rate(x[1h])', recordings), 3_600_000);
});

test('two recording rules that read each other end the search', () => {
  const recordings = [
    { record: 'a', expr: 'rate(b[1m])', group: 'g' },
    { record: 'b', expr: 'rate(a[2m])', group: 'g' },
  ];
  assert.equal(deepLookback('a', recordings), 180_000);
});

test('folders and files are read, and what cannot be read is a problem beside the rest', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-rules-'));
  t.after(() => rmSync(dir, { recursive: true }));
  writeFileSync(join(dir, 'a.yml'), GOOD);
  writeFileSync(join(dir, 'notes.txt'), 'no rules');
  assert.equal(readRuleFiles(dir).alerts[0]?.file, join(dir, 'a.yml'));
  const set = readRuleFiles([join(dir, 'a.yml'), join(dir, 'b.yml')]);
  assert.equal(set.alerts.length, 1);
  assert.equal(set.problems[0]?.file, join(dir, 'b.yml'));
});

test('an expression and its `for:` have places, from which a character of it can be found', () => {
  const text = rules(
    '- alert: Line',
    '  expr: a > b',
    '  for: 1m',
    '- alert: Block',
    '  expr: |',
    '    a',
    '      > b',
    '- alert: Quoted',
    "  expr: 'a > b'",
    '- alert: Folded',
    '  expr: >',
    '    a',
    '    > b',
  );
  const { alerts } = parseRules(text, 'g.yml');
  assert.deepEqual(
    alerts.map(({ exprAt }) => exprAt),
    [
      { line: 5, column: 15, shape: 'line' },
      { line: 8 + 1, column: 11, shape: 'block' },
      { line: 12, column: 16, shape: 'line' },
      { line: 14, column: 15, shape: 'opaque' },
    ],
  );
  assert.deepEqual(alerts[0]!.forAt, { line: 6, column: 14 });
  assert.equal(alerts[1]!.forAt, undefined);
  const places = alerts.map((rule) => placeOf(rule, undefined, rule.expr.indexOf('b')));
  assert.deepEqual(
    places.map(({ line, column }) => `${line}:${column}`),
    ['5:19', '10:15', '12:20', '14:15'],
  );
});
