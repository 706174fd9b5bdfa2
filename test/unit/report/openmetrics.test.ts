import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { PACKAGE_DIR } from '../../../src/core/paths.ts';
import { exposeRun, openMetrics } from '../../../src/report/openmetrics.ts';
import { readRecordAt } from '../../../src/report/read-records.ts';
import type { RunRecord } from '../../../src/report/record.ts';

const { record } = readRecordAt(join(PACKAGE_DIR, 'test/fixtures/record'));
const { scenario } = record;
const lines = (text: string, metric: string) =>
  text.split('\n').filter((line) => line.startsWith(`${metric}{`));

test('a run as OpenMetrics has its score, its verdict, and each delay in seconds', async () => {
  const text = await openMetrics([record]);
  assert.ok(text.endsWith('# EOF\n'));
  assert.deepEqual(lines(text, 'chaos_run_score'), [
    `chaos_run_score{scenario="${scenario}"} ${record.score}`,
  ]);
  assert.deepEqual(lines(text, 'chaos_run_verdict'), [
    `chaos_run_verdict{scenario="${scenario}",verdict="${record.verdict}"} 1`,
  ]);
  const delays = record.expectations.flatMap(({ delays }) => delays);
  assert.equal(lines(text, 'chaos_alert_delay_seconds').length, delays.length);
  const [first] = record.expectations;
  const firing = first!.delays.find(({ name }) => name === 'firing')!;
  const line = lines(text, 'chaos_alert_delay_seconds').find(
    (one) => one.includes(`alert="${first!.alert}"`) && one.includes('stretch="firing"'),
  );
  assert.ok(line?.endsWith(` ${firing.ms / 1000}`), line);
});

test('nothing of it has a timestamp or a type that node-exporter’s textfile collector would refuse', async () => {
  const text = await openMetrics([record]);
  for (const line of text.split('\n')) {
    if (line.startsWith('# TYPE')) assert.match(line, / gauge$/);
    if (!line.startsWith('#') && line !== '') assert.match(line, /^\w+\{.*\} -?[\d.e+]+$/);
  }
});

test('the newest run of a scenario counts, an undecided one has no score, and hostile words stay in their quotes', async () => {
  const later: RunRecord = {
    ...record,
    startedAt: '2999-01-01T00:00:00.000Z',
    score: null,
    verdict: 'inconclusive',
    expectations: record.expectations.map((one) => ({ ...one, labels: { job: 'a"}\n# EOF\nb\\' } })),
  };
  const text = await openMetrics([later, record]);
  assert.deepEqual(lines(text, 'chaos_run_score'), []);
  assert.match(lines(text, 'chaos_run_verdict').join(), /inconclusive/);
  assert.equal(text.split('\n').filter((line) => line === '# EOF').length, 1);
  for (const line of text.split('\n')) assert.match(line, /^(#|chaos_|$)/);
});

test('a lab is given a run in the folder that its node-exporter reads', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-metrics-'));
  const file = await exposeRun({ dir } as never, record);
  assert.equal(file, join(dir, 'metrics', `${scenario}.prom`));
  assert.equal(readFileSync(file, 'utf8'), await openMetrics([record]));
});
