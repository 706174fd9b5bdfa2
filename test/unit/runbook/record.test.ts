import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import {
  parseRunbookRecord,
  type RunbookRecord,
  readRunbookRecords,
  type StepRecord,
  writeRunbookRecord,
} from '../../../src/runbook/record.ts';
import { concluded } from '../../../src/runbook/responder.ts';
import { chaos } from '../../support/chaos.ts';

const at = (second: number) => `2026-01-01T00:00:${String(second).padStart(2, '0')}.250Z`;
const step = (type: string, outcome: StepRecord['outcome'], end: number): StepRecord => ({
  ...{ type, target: 'api', startedAt: at(end - 1), endedAt: at(end), outcome, message: '' },
});
const RECORD: RunbookRecord = {
  ...{ schemaVersion: 1, lab: 'x', speed: 10, alert: 'InstanceDown', labels: { job: 'api' } },
  ...{ startsAt: at(10), notifiedAt: at(11), heardAt: at(12), askedAt: null, answeredAt: null },
  ...{ status: 'interrupted', steps: [], restoredAt: null, resolvedAt: null, timeToRestoreMs: null },
};
const of = (steps: StepRecord[], well: boolean) => concluded({ ...RECORD, steps }, well, at(50));

test('restored is when the last step that was needed has brought it back, by the world', () => {
  const record = of([step('a', 'done', 14), step('b', 'unneeded', 20)], true);
  assert.deepEqual(
    [record.status, record.restoredAt, record.timeToRestoreMs],
    ['restored', at(14), { fromNotification: 3000, fromStartsAt: 4000 }],
  );
  // One that was given up, and turned out well after all.
  assert.equal(of([step('a', 'failed', 40)], true).restoredAt, at(50));
  assert.equal(of([step('a', 'failed', 40), step('b', 'done', 45)], true).restoredAt, at(45));
});

test('what did not help, or was not needed, is not a restoration', () => {
  const steps = [step('a', 'done', 14)];
  assert.deepEqual(
    [of(steps, false).status, of(steps, false).restoredAt, of(steps, false).timeToRestoreMs],
    ['not-restored', null, null],
  );
  const unneeded = of([step('a', 'unneeded', 14)], true);
  assert.deepEqual([unneeded.status, unneeded.restoredAt], ['nothing-to-do', null]);
});

test('a record is written under its time and alert, read again, and shown in the list', async () => {
  const reports = mkdtempSync(join(tmpdir(), 'chaos-reports-'));
  assert.deepEqual(readRunbookRecords(reports), []);
  const record = of([step('a', 'done', 14)], true);
  const file = await writeRunbookRecord(reports, record);
  assert.equal(file, join(reports, '2026-01-01T00-00-13-250Z-runbook-InstanceDown', 'runbook.json'));
  assert.deepEqual(readRunbookRecords(reports), [record]);
  // The same folder is for run records too.
  assert.equal(dirname(dirname(file)), reports);
  const { stdout } = chaos('runbook', '--reports', reports);
  assert.match(stdout, /^InstanceDown.*?last: restored 3s after its notification, 2026-01-01 00:00Z$/ms);
});

test('what is no record is refused, with every place', () => {
  const broken = { ...RECORD, status: 'mended', startsAt: '2026-01-01', labels: { a: 1 }, extra: 1 };
  assert.throws(
    () => parseRunbookRecord(JSON.stringify(broken, null, 1), 'runbook.json'),
    ({ kind, problems }) => {
      assert.equal(kind, 'bad-file');
      assert.deepEqual(
        problems.map(({ line }: { line: number }) => line),
        [1, 7, 9, 14],
      );
      return true;
    },
  );
  assert.throws(() => parseRunbookRecord('{', 'runbook.json'), { kind: 'bad-file' });
});
