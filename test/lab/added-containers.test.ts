import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { test } from 'node:test';
import { systemClock } from '../../src/core/clock.ts';
import { baseUrl } from '../../src/core/lab.ts';
import { connectEngine } from '../../src/docker/engine.ts';
import type { UndoNote } from '../../src/faults/fault.ts';
import { findFault } from '../../src/faults/index.ts';
import { Prometheus } from '../../src/observe/prometheus.ts';
import { elsewhere, helpers, inspect, shop, under, undoElsewhere, world } from '../support/faults.ts';
import { docker, LAB, lab, startChaos } from '../support/lab.ts';

// The faults that add containers of their own to the lab.

const prepared = async (type: string) => {
  const fault = findFault(type)!;
  return JSON.parse(JSON.stringify(await fault.prepare(fault.fields.parse({}), world))) as UndoNote;
};
const customer = () => shop('/health', 3000, 'NGINX_PORT');
const address = () => inspect('api', '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}');
const pins = async () => (await docker('exec', `${LAB}-nginx`, 'ls', '/run/chaos')).stdout.trim();

test('stale-upstream: customers get 502, the API is well elsewhere, and no target goes down', async () => {
  const before = await address();
  assert.equal(await customer(), 200);
  await under('stale-upstream', {}, async () => {
    assert.notEqual(await address(), before);
    assert.equal(await shop('/health'), 200);
    const prometheus = new Prometheus(baseUrl(lab(), 'PROMETHEUS_PORT'));
    // Four scrapes, during which nginx goes on asking at the old address. The move itself may cost one.
    for (let scrape = 0; scrape < 4; scrape++) {
      await systemClock.sleep(15_000 / lab().speed);
      assert.equal(await customer(), 502);
      const down = (await prometheus.targets()).filter(({ health }) => health !== 'up');
      assert.deepEqual(scrape === 0 ? [] : down, []);
    }
    const alerts = (await prometheus.alerts()).filter(({ labels }) => labels.alertname === 'InstanceDown');
    assert.deepEqual(alerts, []);
    const fault = findFault('stale-upstream')!;
    await assert.rejects(fault.prepare({}, world), { kind: 'not-ready' });
  });
  assert.equal(await customer(), 200);
  assert.equal((await pins()) + (await helpers()), '');
});

test('stale-upstream: undone by another process, when the one that moved the API was killed on the way', async () => {
  const note = await prepared('stale-upstream');
  const moving = connectEngine(lab().project, systemClock).nextNetworkEvent(
    'api',
    'disconnect',
    AbortSignal.timeout(20_000),
  );
  const { child, ended } = elsewhere('inject', 'stale-upstream', note);
  await moving;
  child.kill('SIGKILL');
  await ended;
  assert.notEqual(await pins(), '');
  await undoElsewhere('stale-upstream', note);
  assert.equal(await customer(), 200);
  assert.equal((await pins()) + (await helpers()), '');
  const names = await inspect('api', '{{range .NetworkSettings.Networks}}{{json .Aliases}}{{end}}');
  assert.ok((JSON.parse(names) as string[]).includes('api'), names);
});

test('stale-upstream: nginx finds the API again by itself', async () => {
  const note = await prepared('stale-upstream');
  const fault = findFault('stale-upstream')!;
  try {
    // A minute is its margin; a negative duration takes most of it away.
    await fault.inject({}, world, { signal: AbortSignal.timeout(20_000), forMs: -52_000, note });
    assert.equal(await customer(), 502);
    await systemClock.sleep(9000);
    assert.equal(await customer(), 200);
    assert.equal((await pins()) + (await helpers(false)), '');
  } finally {
    await fault.undo(note, world);
  }
  assert.equal(await helpers(), '');
});

test('cpu-hog: busy up to its share and not beyond, and undone by another process', async () => {
  const percent = 60;
  await under('cpu-hog', { percent }, async (note) => {
    const id = await helpers();
    const limits = '{{.HostConfig.CpuQuota}} {{.HostConfig.CpuPeriod}} {{.HostConfig.CpuShares}}';
    const { stdout } = await docker('inspect', '--format', limits, id);
    assert.equal(stdout.trim(), `${percent * 1000 * availableParallelism()} 100000 2`);
    const used = await docker('stats', '--no-stream', '--format', '{{.CPUPerc}}', id);
    const share = Number.parseFloat(used.stdout) / availableParallelism();
    assert.ok(share <= percent * 1.1, `${share} % of the host`);
    // Everybody else goes first.
    assert.equal(await shop('/api/products'), 200);
    const fault = findFault('cpu-hog')!;
    await assert.rejects(fault.prepare({ percent }, world), { kind: 'not-ready' });
    await undoElsewhere('cpu-hog', note);
    assert.equal(await helpers(), '');
  });
});

test('cpu-hog: ends by itself', async () => {
  const note = await prepared('cpu-hog');
  const fault = findFault('cpu-hog')!;
  const fields = fault.fields.parse({ percent: 10 });
  const began = systemClock.now();
  try {
    // Half a minute is its margin; a negative duration takes it away.
    await fault.inject(fields, world, { signal: AbortSignal.timeout(20_000), forMs: -27_000, note });
    while ((await helpers(false)) !== '' && systemClock.now() - began < 20_000) await systemClock.sleep(200);
    assert.equal(await helpers(false), '');
  } finally {
    await fault.undo(note, world);
  }
  assert.equal(await helpers(), '');
});

test('chaos up sweeps away what a process that was killed has left', async () => {
  const note = await prepared('cpu-hog');
  const fault = findFault('cpu-hog')!;
  try {
    const injection = { signal: AbortSignal.timeout(20_000), forMs: 10_000, note };
    await fault.inject(fault.fields.parse({ percent: 10 }), world, injection);
    const { code, stderr } = await startChaos('up', '--name', LAB, '--speed', String(lab().speed)).ended;
    assert.equal(code, 0, stderr);
    assert.equal(await helpers(), '');
  } finally {
    await fault.undo(note, world);
  }
});
