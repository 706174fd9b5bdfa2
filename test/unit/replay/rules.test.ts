import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { PACKAGE_DIR } from '../../../src/core/paths.ts';
import { underRules } from '../../../src/replay/evidence.ts';
import { limitsOf } from '../../../src/replay/limits.ts';
import { inOrder, readersOf } from '../../../src/replay/order.ts';
import { readRulesDir, rulesAtSpeed } from '../../../src/replay/rules.ts';
import { beatOf, timesOf } from '../../../src/replay/times.ts';
import { readRecordAt, readSamplesOf } from '../../../src/report/read-records.ts';
import { evidenceOf } from '../../../src/report/record.ts';
import { judge } from '../../../src/verdict/judge.ts';

const record = readRecordAt(join(PACKAGE_DIR, 'test/fixtures/record'));
const evidence = evidenceOf(record.record);
const samples = readSamplesOf(record)!;
const recording = (name: string, expr: string) => ({ record: name, expr, labels: {}, group: 'g' });

test('a recording rule stands behind those it reads, and a circle is refused', () => {
  const rules = [recording('c', 'b + raw'), recording('a', 'sum(raw)'), recording('b', 'a offset 1m')];
  assert.deepEqual(
    inOrder(rules).map(({ record: name }) => name),
    ['a', 'b', 'c'],
  );
  assert.deepEqual([...readersOf('a', rules)], ['a', 'b', 'c']);
  assert.deepEqual([...readersOf('c', rules)], ['c']);
  assert.throws(() => inOrder([...rules, recording('a', 'c')]), {
    kind: 'bad-file',
    message: /reads itself/,
  });
});

test('evaluations are those of ALERTS where there are any, else those of the group', () => {
  const group = { name: 'g', file: '/etc/prometheus/rules/a.yml', intervalMs: 1500, evaluatedAt: 100_130 };
  const alerts = [{ name: 'A', group: 'g', file: '/etc/prometheus/rules/a.yml' }];
  const rule = { group: 'g', file: 'prometheus/rules/a.yml', intervalMs: 1500 };
  const known = { samples: { groups: [group], series: [] }, alerts, evaluationMs: 1500 };
  assert.deepEqual(timesOf(beatOf(rule, known, 97_000, 100_200)), [97_130, 98_630, 100_130]);

  const series = [
    { metric: { __name__: 'ALERTS', alertname: 'A' }, values: [[94.127, '1']] as [number, string][] },
  ];
  const exact = { ...known, samples: { groups: [group], series } };
  assert.deepEqual(timesOf(beatOf(rule, exact, 97_127, 100_200)), [97_127, 98_627, 100_127]);
  // Another interval keeps the phase; a group that did not run has none.
  assert.deepEqual(timesOf(beatOf({ ...rule, intervalMs: 3000 }, exact, 97_000, 100_200)), [97_127, 100_127]);
  assert.deepEqual(timesOf(beatOf({ group: 'new' }, exact, 96_500, 100_200)), [97_500, 99_000]);
  assert.deepEqual(timesOf(beatOf(rule, known, 97_131, 97_140)), []);
});

test('rules from a folder are brought to the speed of the run', () => {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-rules-'));
  writeFileSync(
    join(dir, 'a.yml'),
    'groups: [{name: g, rules: [{alert: A, expr: "rate(x[5m]) > 3", for: 1m}, {record: "r:x", expr: "sum(x)"}]}]',
  );
  writeFileSync(join(dir, 'README.md'), 'no rules');
  const { alerts, recordings } = rulesAtSpeed(readRulesDir(dir), evidence);
  assert.deepEqual(
    alerts.map(({ name, expr, forMs, intervalMs }) => [name, expr, forMs, intervalMs]),
    [['A', 'rate(x[30s]) > 3', 6000, 1500]],
  );
  assert.deepEqual([recordings[0]?.record, recordings[0]?.intervalMs], ['r:x', 1500]);

  writeFileSync(join(dir, 'b.yml'), 'groups: [{name: h, rules: [{alert: B, expr: "x >", for: 1h}]}]');
  assert.throws(() => rulesAtSpeed(readRulesDir(dir), evidence), { kind: 'bad-file' });
  assert.throws(() => readRulesDir(mkdtempSync(join(tmpdir(), 'chaos-none-'))), { kind: 'usage' });
  assert.throws(() => readRulesDir(join(dir, 'none')), { kind: 'usage' });
});

test('a rule that reads what was not recorded is refused; what is only limited is said', () => {
  const rules = (expr: string, labels = {}) => ({
    alerts: [{ ...evidence.rules.alerts[0]!, expr, labels }],
    recordings: [],
  });
  assert.throws(() => limitsOf(evidence, samples, rules('node_load1 > 1'), '2.42.0+ds'), {
    kind: 'inconclusive',
    message: /node_load1/,
  });
  assert.equal(limitsOf(evidence, samples, rules('up == 0'), '2.42.0+ds').length, 1);
  const limits = limitsOf(
    evidence,
    samples,
    rules('avg_over_time(up[10m]) < 1', { a: '{{ $value }}' }),
    '3.0.0',
  );
  assert.equal(limits.length, 4);
  assert.match(limits.join('\n'), /3\.0\.0.*\n.*looks back 10m12s.*\n.*templates/);
});

test('under other rules, what fires counts as received, and nothing is said of when', () => {
  const history = [{ ...evidence.history![0]!, firedAt: evidence.history![0]!.firedAt! + 1500 }];
  const replayed = { rules: 'dir', prometheus: '2', limits: [] };
  const { expectations, verdict } = judge(underRules(evidence, evidence.rules, history, replayed));
  const [one] = expectations;
  assert.deepEqual(
    [verdict, one?.outcome, one?.receivedAt, one?.notifiedAt],
    ['pass', 'on-time', null, null],
  );
  const early = { ...history[0]!, alert: 'Other', firedAt: Date.parse(evidence.zeroAt) - 1 };
  const surprised = judge(underRules(evidence, evidence.rules, [...history, early], replayed));
  assert.deepEqual(
    surprised.unexpected.map((one) => one.alert),
    ['Other'],
  );
  assert.deepEqual(judge({ ...evidence, history: [...history, early] }).unexpected, []);
  // The same without the mark: Alertmanager never had it.
  const bare = { ...underRules(evidence, evidence.rules, history, replayed) };
  delete bare.replayed;
  assert.equal(judge(bare).expectations[0]?.outcome, 'missed');
});
