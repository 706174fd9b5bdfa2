import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../../src/core/clock.ts';
import type { Load } from '../../../src/load/load.ts';
import { readyLoad } from '../../../src/load/ready.ts';
import { serve } from '../../support/server.ts';
import { until } from '../../support/until.ts';

const forever = (url: string): Load => ({
  name: 'traffic',
  model: 'closed',
  requests: [{ method: 'GET', url }],
  stages: [{ to: 2, overMs: 0 }, { holdMs: Number.POSITIVE_INFINITY }],
});

/** The processes this one has started, by their ids. */
function children(): number[] {
  const table = execFileSync('ps', ['-o', 'pid=,ppid=,comm=', '-A'], { encoding: 'utf8' });
  return table
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter(([, parent, name]) => Number(parent) === process.pid && name !== 'ps' && name !== 'esbuild')
    .map(([pid]) => Number(pid));
}

async function goneAgain(before: readonly number[]): Promise<void> {
  const others = () => children().filter((pid) => !before.includes(pid));
  await until('its processes are gone', () => others().length === 0);
}

test('a load runs in a process of its own, which is gone after it', async (t) => {
  await using server = await serve(async (_, response) => {
    await pause(10);
    response.end('ok');
  });
  const before = children();
  const ready = await readyLoad(forever(server.url), systemClock);
  assert.equal(children().filter((pid) => !before.includes(pid)).length, 1);
  const load = ready.start();
  // A test that fails must not leave its load, which keeps this process from ending.
  t.after(() => load.stop());
  await until('two connections work', () => {
    const { connections, completed } = load.snapshot();
    return connections === 2 && completed > 50;
  });
  const result = await load.stop();
  assert.ok(result.completed > 50);
  assert.equal(result.error, null);
  assert.ok(result.generator.cpuMs > 0);
  await goneAgain(before);
});

test('a generator that is killed is a load that broke off', async () => {
  await using server = await serve((_, response) => response.end('ok'));
  const before = children();
  const load = (await readyLoad(forever(server.url), systemClock)).start();
  const began = performance.now();
  await pause(500);
  const seconds = (performance.now() - began) / 1000;
  process.kill(children().find((pid) => !before.includes(pid))!, 'SIGKILL');
  const result = await load.finished;
  assert.match(result.error ?? '', /SIGKILL/);
  assert.equal(result.delivered, 0);
  assert.ok(result.intended >= 1.9 * seconds, `${result.intended} by 2 in ${seconds} s`);
});

test('an open load in two processes is one result, with every request in it once', async () => {
  const seen: number[] = [];
  await using server = await serve((_, response) => {
    seen.push(performance.now());
    response.end('ok');
  });
  const load: Load = {
    name: 'open',
    model: 'open',
    arrivals: 'constant',
    maxInFlight: 1000,
    requests: [{ method: 'GET', url: server.url }],
    stages: [{ to: 200, overMs: 0 }, { holdMs: 2000 }],
  };
  const result = await (await readyLoad(load, systemClock, 2)).start().finished;
  assert.deepEqual([result.intended, result.sent, result.completed, seen.length], [400, 400, 400, 400]);
  assert.deepEqual(result.statuses, { 200: 400 });
});

test('one that is not wanted any more is ended', async () => {
  const before = children();
  const ready = await readyLoad(forever('http://127.0.0.1:9'), systemClock);
  ready.cancel();
  await goneAgain(before);
});
