import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { onLines } from '../../../src/load/hub-protocol.ts';
import type { Load } from '../../../src/load/load.ts';
import { ended, localFleet } from '../../support/fleet.ts';
import { serve } from '../../support/server.ts';

const open = (url: string, rate: number, holdMs: number): Load => ({
  name: 'open',
  model: 'open',
  arrivals: 'constant',
  maxInFlight: 10_000,
  requests: [{ method: 'GET', url }],
  stages: [{ to: rate, overMs: 0 }, { holdMs }],
});

const forever = (url: string): Load => ({
  name: 'traffic',
  model: 'closed',
  requests: [{ method: 'GET', url }],
  stages: [{ to: 5, overMs: 0 }, { holdMs: Number.POSITIVE_INFINITY }],
});

/** The processes that a process has started. */
const children = (pid: number) =>
  execFileSync('ps', ['-o', 'pid=', '--ppid', String(pid)], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(Number);

test('three generators send each request once, and the target has counted what they say', async () => {
  let seen = 0;
  await using server = await serve((_, response) => {
    seen++;
    response.end('ok');
  });
  await using local = await localFleet(3);
  const members = await local.fleet.measure();
  assert.deepEqual(
    members.map(({ slot, node }) => [slot, node]),
    [
      [1, 'node-1'],
      [2, 'node-2'],
      [3, 'node-3'],
    ],
  );
  // They are on this machine, so their clock is ours.
  for (const { clockOffsetMs, roundTripMs } of members)
    assert.ok(
      Math.abs(clockOffsetMs) <= roundTripMs + 2 && roundTripMs < 100,
      `${clockOffsetMs} ${roundTripMs}`,
    );
  const result = await (await local.fleet.ready(open(server.url, 301, 2000))).start().finished;
  assert.deepEqual([result.intended, result.sent, result.completed, seen], [602, 602, 602, 602]);
  const shares = result.generators ?? [];
  assert.deepEqual(
    shares.map(({ slot, sent, error }) => [slot, sent, error]),
    [
      [1, 201, null],
      [2, 201, null],
      [3, 200, null],
    ],
  );
  const starts = shares.map(({ startedAt }) => startedAt);
  assert.ok(Math.max(...starts) - Math.min(...starts) < 500, starts.join(' '));
});

test('two loads at once; background traffic holds until it is stopped, and then says all that it did', async () => {
  let slow = 0;
  let quick = 0;
  await using server = await serve(async ({ url }, response) => {
    if (url === '/slow') slow++;
    else quick++;
    await pause(10);
    response.end('ok');
  });
  await using local = await localFleet(2);
  const traffic = (await local.fleet.ready(forever(`${server.url}/slow`))).start();
  const other = await (await local.fleet.ready(open(server.url, 100, 1000))).start().finished;
  assert.deepEqual([other.completed, quick], [100, 100]);
  assert.equal(traffic.snapshot().connections, 5);
  const result = await traffic.stop();
  assert.equal(result.error, null);
  // What was under way at the stop has no answer that anybody hears.
  assert.ok(slow - result.completed <= 5 && result.completed > 100, `${slow} ${result.completed}`);
});

test('a generator that dies is lost with its share, and the others go on', async () => {
  await using server = await serve((_, response) => response.end('ok'));
  await using local = await localFleet(2);
  const load = (await local.fleet.ready(open(server.url, 100, 1500))).start();
  await pause(500);
  local.agents[1]!.kill('SIGKILL');
  const result = await load.finished;
  assert.match(result.error ?? '', /generator 2 on node-2: it is gone/);
  assert.equal(result.sent, 75);
  assert.ok(result.intended > 75 + 10 && result.intended < 75 + 60, `${result.intended}`);
  assert.ok(result.delivered < result.intended * 0.95);
});

test('a load ends with the run that wanted it: the hub ends, and agents and generators with it', async () => {
  let last = 0;
  await using server = await serve((_, response) => {
    last = performance.now();
    response.end('ok');
  });
  await using local = await localFleet(2);
  (await local.fleet.ready(forever(server.url))).start();
  await pause(500);
  const generators = local.agents.flatMap(({ pid }) => children(pid!));
  assert.equal(generators.length, 2);
  // As kill -9 of the run does: its end of the hub's input is closed.
  const at = performance.now();
  local.hub.stdin?.destroy();
  await Promise.all([local.hub, ...local.agents].map(ended));
  await pause(300);
  assert.ok(last - at < 1000, `${last - at} ms later still asked`);
  for (const pid of generators) assert.throws(() => process.kill(pid, 0), { code: 'ESRCH' });
});

test('a run that is silent is taken for dead after 8 seconds, and an agent lasts no longer than it was given', async () => {
  await using local = await localFleet(2);
  const brief = local.join(3, { CHAOS_SECONDS: '2' });
  const began = performance.now();
  await ended(brief);
  assert.ok(performance.now() - began < 5000);
  local.hub.kill('SIGSTOP');
  const silentAt = performance.now();
  await Promise.all(local.agents.map(ended));
  const took = performance.now() - silentAt;
  local.hub.kill('SIGCONT');
  assert.ok(took > 6500 && took < 10_500, `${took}`);
});

test('a line that never ends ends its connection, and whole ones before it are heard', async () => {
  const stream = new PassThrough();
  const heard: unknown[] = [];
  onLines(stream, (said) => heard.push(said), 1000);
  stream.write('{"a":1}\n{"b":2}\n{"c":"');
  for (let i = 0; i < 20 && !stream.destroyed; i++) {
    stream.write('x'.repeat(100));
    await pause(1);
  }
  assert.equal(stream.destroyed, true);
  assert.deepEqual(heard, [{ a: 1 }, { b: 2 }]);
});

test('who does not know the token is not heard, nor a second one of a slot, nor what is no JSON', async () => {
  await using local = await localFleet(1);
  const strangers = [
    '{"token":"","slot":7,"node":"x"}',
    '{"token":null,"slot":7}',
    'null',
    '{}',
    'GET / HTTP/1.1\r\n\r\n',
  ];
  for (const said of strangers) {
    const socket = connect(local.fleet.channel.port!, '127.0.0.1');
    socket.on('error', () => {});
    socket.write(`${said}\n`);
    await new Promise((resolve) => socket.once('close', resolve));
  }
  await ended(local.join(1));
  assert.deepEqual(
    local.fleet.channel.members.map(({ slot }) => slot),
    [1],
  );
  assert.equal((await local.fleet.measure()).length, 1);
});
