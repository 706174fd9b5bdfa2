import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { before, test } from 'node:test';
import { systemClock } from '../../src/core/clock.ts';
import { labelKey } from '../../src/core/labels.ts';
import { STACK_DIR } from '../../src/core/paths.ts';
import type { Episode } from '../../src/observe/history.ts';
import type { MutationReport } from '../../src/replay/mutation-score.ts';
import { replay } from '../../src/replay/replay.ts';
import { startServer } from '../../src/replay/server.ts';
import { type RecordFile, readRecordAt, readSamplesOf } from '../../src/report/read-records.ts';
import { evidenceOf } from '../../src/report/record.ts';
import { docker, sharedRun, startChaos } from '../support/lab.ts';

let run: RecordFile;

before(async () => {
  const { file, stderr } = await sharedRun('fast-burn');
  assert.ok(file, stderr);
  run = readRecordAt(file);
});

test('a real record is graded again byte for byte, and its samples are small', async () => {
  const { code, stdout } = await startChaos('regrade', run.file, '--json').ended;
  assert.ok(stdout === run.text);
  assert.equal(code, 0);
  const { size } = statSync(join(dirname(run.file), 'samples.json.gz'));
  assert.ok(size > 1000 && size < 2_000_000, `${size} bytes`);
});

test('the same rules, evaluated again, fire when they fired, to within one evaluation', async () => {
  const evidence = evidenceOf(run.record);
  const server = await startServer(systemClock);
  const { rules } = evidence;
  const again = await replay(server, evidence, readSamplesOf(run)!, { rules, from: 'the same' }).finally(() =>
    server.end(),
  );
  const started = Date.parse(evidence.startedAt);
  const fired = (history: Episode[] | null) =>
    (history ?? []).filter(({ activeAt, firedAt }) => activeAt >= started && firedAt !== undefined);
  const [live, replayed] = [fired(evidence.history), fired(again.history)];
  assert.ok(live.length > 0);
  assert.equal(replayed.length, live.length);
  const near = (a: number | undefined, b: number | undefined) =>
    a === undefined ? b === undefined : Math.abs(a - (b ?? 0)) <= evidence.cadence.evaluationMs + 50;
  for (const one of live) {
    const twin = replayed.find(
      ({ alert, labels, firedAt }) =>
        alert === one.alert && labelKey(labels) === labelKey(one.labels) && near(one.firedAt, firedAt),
    );
    assert.ok(twin, JSON.stringify([one, replayed]));
    assert.ok(
      near(one.activeAt, twin.activeAt) && near(one.resolvedAt, twin.resolvedAt),
      JSON.stringify([one, twin]),
    );
  }
});

test('a threshold no target reaches is missed under --rules, and nothing is left running', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-rules-'));
  cpSync(join(STACK_DIR, 'prometheus/rules'), dir, { recursive: true });
  const same = await startChaos('regrade', run.file, '--rules', dir, '--json').ended;
  assert.equal(same.code, 0, same.stderr);

  writeFileSync(
    join(dir, 'infrastructure.yml'),
    'groups: [{name: infrastructure, rules: [{alert: InstanceDown, expr: up == 2, for: 1m}]}]',
  );
  const other = await startChaos('regrade', run.file, '--rules', dir).ended;
  assert.equal(other.code, 1, other.stderr);
  assert.match(other.stdout, /InstanceDown.*on-time → missed/);
  assert.match(other.stdout, /What Alertmanager would have done is not known/);
  assert.equal((await docker('ps', '-aq', '--filter', 'name=chaos-replay-')).stdout, '');
});

test('mutants of the rule that the incident is about are killed, others survive', async () => {
  const { code, stdout, stderr } = await startChaos('mutate', run.file, '--json').ended;
  assert.equal(code, 0, stderr);
  const { rules, killed, all } = JSON.parse(stdout) as MutationReport;
  const fates = (rule: string, kind: string) =>
    rules.find((one) => one.rule === rule)!.mutants.flatMap((one) => (one.kind === kind ? [one.fate] : []));
  assert.deepEqual(fates('InstanceDown', 'comparison'), ['killed']);
  assert.ok(fates('DiskSpaceLow', 'for').every((one) => one !== 'killed'));
  assert.ok(killed > 0 && killed < all, `${killed} of ${all}`);
});
