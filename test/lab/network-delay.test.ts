import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../src/core/clock.ts';
import type { UndoNote } from '../../src/faults/fault.ts';
import { findFault } from '../../src/faults/index.ts';
import { helpers, inspect, shop, under, undoElsewhere, world } from '../support/faults.ts';
import { docker, lab } from '../support/lab.ts';

const ON_API = { target: 'api', to: 'postgres' };

/** Milliseconds that a request takes, whatever comes of it. */
async function took(path: string): Promise<number> {
  const began = performance.now();
  await shop(path, 9000);
  return performance.now() - began;
}
async function median(path: string): Promise<number> {
  const times = [];
  for (let i = 0; i < 7; i++) times.push(await took(path));
  return times.sort((a, b) => a - b)[3]!;
}
/** The rules and queues in the API's network, read by a container of the test's own. */
async function rules(): Promise<string> {
  const network = `container:${await inspect('api', '{{.Id}}')}`;
  const script = 'iptables-save; tc qdisc show';
  const options = ['--rm', '--cap-add', 'NET_ADMIN', '--network', network, '--entrypoint', 'sh'];
  return (await docker('run', ...options, lab().wireImage!, '-c', script)).stdout;
}

test('network-delay: what asks PostgreSQL is slow, what does not is not, and all is as before', async () => {
  const before = await median('/api/products');
  const image = await inspect('api', '{{.Image}} {{.RestartCount}} {{.State.StartedAt}}');
  await under('network-delay', { ...ON_API, delay_seconds: 0.2 }, async () => {
    // A query is three round trips: begin, select, commit.
    const during = await median('/api/products');
    assert.ok(during > before + 400 && during < before + 1500, `${before} ms, then ${during} ms`);
    assert.ok((await took('/health')) < 150);
    const fault = findFault('network-delay')!;
    await assert.rejects(fault.prepare(fault.fields.parse({ ...ON_API, delay_seconds: 1 }), world), {
      kind: 'not-ready',
    });
  });
  await systemClock.sleep(2500);
  assert.ok((await median('/api/products')) < before + 100);
  assert.doesNotMatch(await rules(), /CHAOS_WIRE|netem/);
  assert.equal(await helpers(), '');
  assert.equal(await inspect('api', '{{.Image}} {{.RestartCount}} {{.State.StartedAt}}'), image);
});

test('network-delay: every new connection is reset', async () => {
  await under('network-delay', { ...ON_API, reset_percent: 100 }, async () => {
    await systemClock.sleep(2500);
    assert.equal(await shop('/api/products', 5000), 503);
    assert.equal(await shop('/health'), 200);
  });
  assert.equal(await shop('/api/products', 5000), 200);
});

test('network-delay: a narrow link takes its time for what is sent over it', async () => {
  const before = await median('/api/products');
  await under('network-delay', { ...ON_API, bandwidth_bytes_per_second: 2000 }, async () => {
    const during = await median('/api/products');
    assert.ok(during > before + 100, `${before} ms, then ${during} ms`);
  });
});

test('network-delay: what a killed wire has left is taken back by another process', async () => {
  const fault = findFault('network-delay')!;
  const fields = fault.fields.parse({ ...ON_API, delay_seconds: 0.2 });
  const note = JSON.parse(JSON.stringify(await fault.prepare(fields, world))) as UndoNote;
  await fault.inject(fields, world, { signal: AbortSignal.timeout(20_000), forMs: 10_000, note });
  await docker('kill', await helpers());
  assert.match(await rules(), /CHAOS_WIRE|netem/);
  await undoElsewhere('network-delay', note);
  assert.doesNotMatch(await rules(), /CHAOS_WIRE|netem/);
  await systemClock.sleep(500);
  assert.equal(await shop('/api/products', 5000), 200);
});

test('network-delay: ends by itself, and tidies up', async () => {
  const fault = findFault('network-delay')!;
  const fields = fault.fields.parse({ ...ON_API, delay_seconds: 0.1 });
  const note = await fault.prepare(fields, world);
  // Half a minute is its margin; a negative duration takes most of it away.
  await fault.inject(fields, world, { signal: AbortSignal.timeout(20_000), forMs: -25_000, note });
  await systemClock.sleep(6500);
  assert.doesNotMatch(await rules(), /CHAOS_WIRE|netem/);
  assert.equal((await fault.undo(note, world)).restored, true);
});
