import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deepLookback, parseRules } from '../../../src/rules/rule-files.ts';

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
    ['6:15 this expr is no PromQL', '9:14 for: 1 minute is no duration; write it like 1m30s'],
  );
});

test('a file that is no rule file is one problem, not a crash', () => {
  for (const text of ['', '[1, 2]', 'groups: 3', 'groups:\n  - name: x', 'a: [', '"']) {
    assert.ok(parseRules(text, 'x.yml').problems.length > 0, text);
  }
});
