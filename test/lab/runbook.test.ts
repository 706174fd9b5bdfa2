import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import axios from 'axios';
import { baseUrl } from '../../src/core/lab.ts';
import { connect, connectAdmin } from '../../src/faults/postgres.ts';
import { Prometheus } from '../../src/observe/prometheus.ts';
import { readRunbookRecords } from '../../src/runbook/record.ts';
import { STEPS } from '../../src/runbook/steps/index.ts';
import { world } from '../support/faults.ts';
import { LAB, lab, startChaos } from '../support/lab.ts';
import { serve } from '../support/server.ts';

const { engine } = world;
const http = axios.create({ proxy: false, timeout: 3000, validateStatus: () => true });
const REPORTS = mkdtempSync(join(tmpdir(), 'chaos-reports-'));
const children: ChildProcess[] = [];
const OURS = ['InstanceDown', 'ProbeFailed', 'LongRunningQuery', 'PostgresConnectionsNearMax'];

/** Waits for something of the lab, at most so many seconds. */
async function until(what: string, isSo: () => Promise<boolean>, seconds = 40): Promise<void> {
  for (let tries = 0; tries < seconds * 5; tries++) {
    if (await isSo().catch(() => false)) return;
    await pause(200);
  }
  assert.fail(`${what} did not come about within ${seconds} s`);
}

async function isQuiet(): Promise<boolean> {
  const alerts = await new Prometheus(baseUrl(lab(), 'PROMETHEUS_PORT')).alerts();
  return alerts.every(({ labels }) => !OURS.includes(labels.alertname ?? ''));
}

const apiAnswers = async () => (await http.get(`${baseUrl(lab(), 'API_PORT')}/health`)).status === 200;

/** `chaos runbook --auto`, from when it waits for notifications. */
async function following(...more: string[]) {
  const args = ['--auto', '--name', LAB, '--reports', REPORTS, ...more];
  const started = startChaos('runbook', ...args);
  children.push(started.child);
  await until('chaos runbook', async () => /Waiting for notifications/.test(started.output()));
  return started;
}

before(() => until('quiet', isQuiet, 60));
after(async () => {
  // Of a test that failed in the middle.
  for (const child of children) child.kill();
  await engine.start('api');
});

test('the API is stopped, a webhook arrives, and its runbook brings the API back unaided', async () => {
  const forwarded: { text: string }[] = [];
  await using server = await serve(async (request, response) => {
    forwarded.push(JSON.parse(await text(request)));
    response.end();
  });
  const inbox = startChaos('inbox', '--name', LAB, '--forward', `${server.url}/hook`);
  children.push(inbox.child);
  const { child, ended } = await following('--yes');
  const stoppedAt = Date.now();
  await engine.stop('api');
  assert.equal((await engine.state('api')).running, false);
  await until('the API', apiAnswers);
  const seenAt = Date.now();
  await until('the end of its alerts', isQuiet);
  await until('the record', async () => readRunbookRecords(REPORTS).some(({ resolvedAt }) => resolvedAt));
  child.kill('SIGINT');
  const { code, stdout } = await ended;
  assert.equal(code, 0, stdout);
  // The probes fail with it, and want the same: whoever was notified first has it done, and nobody does it again.
  const done = readRunbookRecords(REPORTS).flatMap(({ steps }) =>
    steps.filter(({ outcome }) => outcome === 'done'),
  );
  assert.deepEqual(
    done.map(({ type, target }) => `${type} ${target}`),
    ['container-start api'],
  );
  const record = readRunbookRecords(REPORTS).find(({ status }) => status === 'restored')!;
  assert.ok(['InstanceDown', 'ProbeFailed'].includes(record.alert), record.alert);
  const { startsAt, notifiedAt, heardAt, restoredAt, resolvedAt } = record;
  const times = [stoppedAt, ...[startsAt, notifiedAt, heardAt, restoredAt!, resolvedAt!].map(Date.parse)];
  assert.deepEqual(
    times,
    times.toSorted((a, b) => a - b),
    JSON.stringify(record),
  );
  assert.ok(Math.abs(Date.parse(restoredAt!) - seenAt) < 2000, 'restored is when it answered');
  assert.deepEqual(record.timeToRestoreMs, {
    fromNotification: Date.parse(restoredAt!) - Date.parse(notifiedAt),
    fromStartsAt: Date.parse(restoredAt!) - Date.parse(startsAt),
  });
  assert.match(
    stdout,
    /restored {2}\w+\{.*\}, [\d.]+s after its notification, [\d.]+s after it began to fire/,
  );
  inbox.child.kill('SIGINT');
  assert.match((await inbox.ended).stderr, /^Forwarded: \d+\.$/m);
  assert.ok(forwarded.some(({ text }) => text.includes('*firing* InstanceDown{')));
});

test('sessions that do not come to an end are ended, and those of others are not', async () => {
  const before = readRunbookRecords(REPORTS).length;
  const { ended } = await following('--yes', '--once', '--json');
  const sleepers = await Promise.all([1, 2].map(() => connect(lab(), 'techshop', 'sleeper')));
  const admin = await connectAdmin(lab(), world.clock);
  const theirs = await connectAdmin(lab(), world.clock);
  const sleeping = sleepers.map((one) =>
    one.query('SELECT pg_sleep(60)').then(
      () => 'slept',
      () => 'ended',
    ),
  );
  await theirs.query('BEGIN');
  const { code, stdout, stderr } = await ended;
  assert.equal(code, 0, stderr);
  const record = JSON.parse(stdout);
  assert.deepEqual(
    [record.alert, record.status, record.steps.map(({ outcome }: { outcome: string }) => outcome)],
    ['LongRunningQuery', 'restored', ['done']],
  );
  assert.match(record.steps[0].message, /^2 sessions are in a transaction for more than 5s$/);
  assert.deepEqual(await Promise.all(sleeping), ['ended', 'ended']);
  assert.equal((await theirs.query('SELECT 1 AS alive')).rowCount, 1);
  await Promise.all([admin, theirs].map((one) => one.end()));
  assert.equal(readRunbookRecords(REPORTS).length, before + 1);
});

test('a step on a lab that is well finds nothing to do, and a paused container is one that hangs to nobody', async () => {
  const look = (type: string, value: unknown) => {
    const step = STEPS.find((one) => one.type === type)!;
    return step.look(step.target(value), value, world);
  };
  for (const [type, value] of [
    ['container-start', 'api'],
    ['container-restart', 'api'],
    ['container-restart', 'postgres'],
    ['container-restart', 'redis'],
    ['nginx-reload', 'nginx'],
    ['postgres-terminate-sessions', { older_than: '5s' }],
  ] as const)
    assert.equal((await look(type, value)).needed, false, `${type} ${JSON.stringify(value)}`);
  await engine.pause('redis');
  try {
    assert.deepEqual(await look('container-start', 'redis'), { needed: true, why: 'redis is paused' });
    assert.equal((await look('container-restart', 'redis')).needed, false);
    const start = STEPS.find(({ type }) => type === 'container-start')!;
    await start.act('redis', 'redis', world);
    await until('redis', () => start.isWell('redis', 'redis', world));
  } finally {
    await engine.unpause('redis');
  }
});
