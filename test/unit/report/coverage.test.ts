import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { PACKAGE_DIR } from '../../../src/core/paths.ts';
import { coverageOf } from '../../../src/report/coverage.ts';
import { readRecords } from '../../../src/report/read-records.ts';
import type { RunRecord } from '../../../src/report/record.ts';

const at = (second: number) => new Date(second * 1000).toISOString();

/** The parts of a record that coverage reads. */
function record(
  scenario: string,
  startedAt: number,
  outcomes: Record<string, string>,
  fired: string[],
  over: object = {},
): RunRecord {
  return {
    schemaVersion: 2,
    scenario,
    status: 'completed',
    startedAt: at(startedAt),
    zeroAt: at(startedAt + 1),
    rules: { alerts: ['A', 'B', 'C'].map((name) => ({ name })), recordings: [] },
    steps: [{ id: 'x' }],
    history: fired.map((alert) => ({ alert, labels: {}, firedAt: at(startedAt + 2) })),
    expectations: Object.entries(outcomes).map(([alert, outcome]) => ({ alert, outcome })),
    unexpected: [],
    ...over,
  } as unknown as RunRecord;
}

test('the newest completed run of each scenario counts', () => {
  const coverage = coverageOf([
    record('one', 200, { A: 'on-time' }, ['A']),
    record('one', 100, { A: 'missed' }, []),
    record('one', 300, { A: 'missed' }, [], { status: 'interrupted' }),
  ]);
  assert.deepEqual(coverage.alerts.find(({ alert }) => alert === 'A')?.seen, { one: 'on-time' });
});

test('a rule no run has seen firing, and an incident nothing fired for, are named', () => {
  const coverage = coverageOf([
    record('one', 100, { A: 'on-time' }, ['A']),
    record('two', 200, { B: 'missed' }, []),
    record('quiet', 300, {}, [], { steps: [] }),
  ]);
  assert.deepEqual(coverage.scenarios, ['one', 'quiet', 'two']);
  assert.deepEqual(coverage.neverFired, ['B', 'C']);
  assert.deepEqual(coverage.unseen, ['two']);
});

test('of several label sets the worst outcome is shown, and what fired unasked as such', () => {
  const two = record('one', 100, {}, ['A', 'B'], {
    expectations: [
      { alert: 'A', outcome: 'on-time' },
      { alert: 'A', outcome: 'late' },
    ],
    unexpected: [{ alert: 'B' }],
  });
  assert.deepEqual(
    coverageOf([two]).alerts.map(({ seen }) => seen.one),
    ['late', 'unexpected', undefined],
  );
});

test('records are read from a folder, and one that is none is named', () => {
  const reports = mkdtempSync(join(tmpdir(), 'chaos-'));
  mkdirSync(join(reports, 'a'));
  copyFileSync(join(PACKAGE_DIR, 'test/fixtures/record/run.json'), join(reports, 'a/run.json'));
  assert.equal(readRecords(reports).length, 1);
  mkdirSync(join(reports, 'b'));
  writeFileSync(join(reports, 'b/run.json'), '{"schemaVersion": 99}');
  assert.throws(() => readRecords(reports), {
    kind: 'bad-file',
    message: /b\/run\.json is no run record/,
  });
  assert.throws(() => readRecords(join(reports, 'none')), { kind: 'usage' });
});
