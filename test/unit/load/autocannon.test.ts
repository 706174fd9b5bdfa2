import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../../src/core/clock.ts';
import { openConnections } from '../../../src/load/autocannon.ts';
import { Gate } from '../../../src/load/gate.ts';
import { Tally } from '../../../src/load/tally.ts';
import { serve } from '../../support/server.ts';
import { isSoonerThan, until } from '../../support/until.ts';

const newTally = () => {
  const began = performance.now();
  return new Tally(() => performance.now() - began);
};

test('a refused target costs a few tries a second, not a spinning core', async () => {
  const gone = await serve((_, response) => response.end());
  await gone.kill();
  const tally = newTally();
  const cpuBefore = process.cpuUsage();
  const began = performance.now();
  const connections = openConnections(4, [{ method: 'GET', url: gone.url }], tally, new Gate(systemClock));
  await pause(1500);
  await until('tried again', () => (tally.errors.refused ?? 0) >= 8);
  await connections.close();
  const { user, system } = process.cpuUsage(cpuBefore);
  const tookMs = performance.now() - began;
  // 4 connections, a try each 250 ms, and the first round twice. Without the pause it is thousands.
  const most = 2 * 4 * (tookMs / 250 + 2);
  assert.ok(tally.errors.refused! <= most, `${JSON.stringify(tally.errors)} in ${tookMs} ms`);
  assert.equal(tally.totals.completed, 0);
  assert.ok(user + system < 500 * tookMs, `${user + system} µs of CPU in ${tookMs} ms`);
});

test('load goes on when a killed target comes back, and the outage is no latency', async () => {
  const slow = async (_: unknown, response: import('node:http').ServerResponse) => {
    await pause(20);
    response.end('ok');
  };
  const first = await serve(slow);
  const tally = newTally();
  const connections = openConnections(3, [{ method: 'GET', url: first.url }], tally, new Gate(systemClock));
  await until('answered', () => tally.totals.completed > 5);
  const outageAt = performance.now();
  await first.kill();
  await pause(900);
  const before = tally.totals.completed;
  await using _second = await serve(slow, first.port);
  const outageMs = performance.now() - outageAt;
  await until('goes on', () => tally.totals.completed > before + 20);
  await connections.close();
  const { latencyMs } = tally.end();
  assert.ok(latencyMs.max < outageMs, `${JSON.stringify(latencyMs)}, and an outage of ${outageMs} ms`);
});

test('closing answers within half a second', async () => {
  await using server = await serve((_, response) => response.end('ok'));
  const connections = openConnections(
    2,
    [{ method: 'GET', url: server.url }],
    newTally(),
    new Gate(systemClock),
  );
  await pause(200);
  assert.ok(await isSoonerThan(500, connections.close()));
});

test('what we count is what the server saw, the first request of each connection included', async () => {
  let seen = 0;
  await using server = await serve(async (_, response) => {
    seen++;
    await pause(30);
    response.end('ok');
  });
  const tally = newTally();
  const connections = openConnections(5, [{ method: 'GET', url: server.url }], tally, new Gate(systemClock));
  await until('all are in flight', () => connections.inFlight() === 5);
  await pause(500);
  await connections.close();
  // Up to one request a connection may be on its way when the load closes.
  assert.ok(
    tally.totals.sent >= seen && tally.totals.sent - seen <= 5,
    `${tally.totals.sent} sent, ${seen} seen`,
  );
  assert.ok(tally.totals.sent - tally.totals.completed <= 5);
});

test('a mix is asked in turn, with its methods and bodies', async () => {
  const seen: string[] = [];
  await using server = await serve(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    seen.push(`${request.method} ${request.url} ${body}`);
    response.end('ok');
  });
  const requests = [
    { method: 'GET', url: `${server.url}/a?x=1` },
    { method: 'POST', url: `${server.url}/b`, body: { n: 1 } },
  ];
  const connections = openConnections(1, requests, newTally(), new Gate(systemClock));
  await until('four are asked', () => seen.length >= 4);
  await connections.close();
  assert.deepEqual(seen.slice(0, 4), ['GET /a?x=1 ', 'POST /b {"n":1}', 'GET /a?x=1 ', 'POST /b {"n":1}']);
});

test('an answer that is an error is counted by its status, not thrown', async () => {
  await using server = await serve((_, response) => {
    response.statusCode = 503;
    response.end();
  });
  const tally = newTally();
  const connections = openConnections(1, [{ method: 'GET', url: server.url }], tally, new Gate(systemClock));
  await until('answered', () => (tally.statuses[503] ?? 0) > 0);
  await connections.close();
  assert.equal(tally.totals.failed, tally.totals.completed);
});
