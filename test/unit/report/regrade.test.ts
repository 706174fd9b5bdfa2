import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PACKAGE_DIR } from '../../../src/core/paths.ts';
import { hasSamples, readRecordAt, readSamplesOf } from '../../../src/report/read-records.ts';
import { evidenceOf } from '../../../src/report/record.ts';
import { checkChain, recordOf, regrade, textOf } from '../../../src/report/regrade.ts';

const FOLDER = join(PACKAGE_DIR, 'test/fixtures/record');
const text = readFileSync(join(FOLDER, 'run.json'), 'utf8');

test('a record gives the same record, byte for byte', () => {
  // Where a change of the verdict is meant: chaos regrade --json test/fixtures/record > its run.json.
  assert.ok(textOf(regrade(readRecordAt(FOLDER).record)) === text);
});

test('what is judged is the evidence and not the recorded verdict', () => {
  const { record } = readRecordAt(FOLDER);
  const again = regrade({ ...record, history: [], verdict: 'pass', score: 100 });
  assert.equal(again.verdict, 'fail');
  assert.equal(again.expectations[0]?.outcome, 'missed');
});

test('times between two milliseconds are judged as they are written', () => {
  const evidence = evidenceOf(readRecordAt(FOLDER).record);
  const step = evidence.steps[0]!;
  Object.assign(step, { startedAt: step.startedAt! + 0.9, fullAt: step.fullAt! + 0.9 });
  evidence.expect[0]!.withinMs = 1001;
  const record = recordOf(evidence, null);
  assert.equal(textOf(regrade(JSON.parse(textOf(record)))), textOf(record));
});

test('a record from before there was a chain is graded, and gets none', () => {
  const { chain: _, ...record } = readRecordAt(FOLDER).record;
  assert.doesNotThrow(() => checkChain(record, 'run.json'));
  assert.equal(textOf(regrade(record)), textOf(record));
});

test('a record that was changed is refused, by the name of the part', () => {
  const { record } = readRecordAt(FOLDER);
  assert.throws(() => checkChain({ ...record, score: 99 }, 'run.json'), {
    kind: 'bad-file',
    message: /^run\.json was changed after it was written: verdict \(one of .*score/,
  });
});

test('the samples beside a record are those it speaks of, or none', () => {
  const file = readRecordAt(join(FOLDER, 'run.json'));
  assert.equal(readSamplesOf(file)?.series[0]?.metric.__name__, 'up');
  assert.equal(hasSamples(file), true);
  const apart = { ...file, file: join(PACKAGE_DIR, 'run.json') };
  assert.deepEqual([readSamplesOf(apart), hasSamples(apart)], [undefined, false]);
  const other = { ...file.record, samples: { ...file.record.samples!, sha256: '00' } };
  for (const read of [readSamplesOf, hasSamples])
    assert.throws(() => read({ ...file, record: other }), { kind: 'bad-file', message: /samples/ });
});
