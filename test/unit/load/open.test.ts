import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../../src/core/clock.ts';
import type { OpenLoad } from '../../../src/load/load.ts';
import { startLoad } from '../../../src/load/work.ts';
import { serve } from '../../support/server.ts';
import { isSoonerThan } from '../../support/until.ts';

const open = (url: string, rate: number, holdMs: number, maxInFlight = 500): OpenLoad => ({
  name: 'open',
  model: 'open',
  arrivals: 'constant',
  maxInFlight,
  requests: [{ method: 'GET', url }],
  stages: [{ to: rate, overMs: 0 }, { holdMs }],
});

test('what is due is sent, and the server sees it', async () => {
  let seen = 0;
  await using server = await serve((_, response) => {
    seen++;
    response.end('ok');
  });
  const result = await startLoad(open(server.url, 100, 2000), systemClock).finished;
  assert.equal(result.intended, 200);
  assert.equal(result.sent, 200);
  assert.equal(result.completed, 200);
  assert.equal(seen, 200);
  assert.equal(result.dropped, 0);
  assert.deepEqual(result.statuses, { 200: 200 });
  assert.equal(
    result.seconds.reduce((sum, { sent }) => sum + sent, 0),
    200,
  );
});

test('a stall of the server is in the latency of every request that was due meanwhile', async () => {
  let stalledUntil = 0;
  let seen = 0;
  await using server = await serve(async (_, response) => {
    const now = performance.now();
    if (++seen === 100) stalledUntil = now + 1000;
    if (now < stalledUntil) await pause(stalledUntil - now);
    response.end('ok');
  });
  const { latencyMs, completed, generator } = await startLoad(open(server.url, 100, 3000), systemClock)
    .finished;
  assert.equal(completed, 300);
  // A hundred of three hundred requests wait between 1000 and 0 ms: a sixth waits longer than half a second. Were
  // they counted from when they could be sent on a free connection, a handful would show it.
  const said = `${JSON.stringify(latencyMs)}, and ${generator.lagMs.max} ms late ourselves`;
  assert.ok(latencyMs.p95 > 700 && latencyMs.p95 < 1000 + 2 * generator.lagMs.max, said);
  assert.ok(latencyMs.p50 < latencyMs.p95 / 2, said);
});

test('more than may be in flight is dropped, counted, and not delivered', async () => {
  let inFlight = 0;
  let most = 0;
  let seen = 0;
  const began = performance.now();
  await using server = await serve(async (_, response) => {
    seen++;
    most = Math.max(most, ++inFlight);
    await pause(500);
    inFlight--;
    response.end('ok');
  });
  const result = await startLoad(open(server.url, 50, 2000, 10), systemClock).finished;
  assert.equal(result.intended, 100);
  assert.equal(result.sent + result.dropped, 100);
  assert.deepEqual([most, result.sent], [10, seen]);
  // Ten at a time, each for half a second: four times ten in these two seconds.
  const rounds = Math.ceil((performance.now() - began) / 500);
  assert.ok(seen > 10 && seen <= 10 * rounds && result.dropped >= 10, `${seen} in ${rounds} rounds`);
  assert.equal(result.delivered, result.sent);
});

test('a refused target is errors by kind, and no exception', async () => {
  const gone = await serve((_, response) => response.end());
  await gone.kill();
  const result = await startLoad(open(gone.url, 50, 1000), systemClock).finished;
  assert.equal(result.completed, 0);
  assert.deepEqual(result.errors, { refused: 50 });
});

test('stop ends it at once, and what was due by then was intended', async () => {
  await using server = await serve(() => {});
  const before = performance.now();
  const load = startLoad(open(server.url, 100, 60_000), systemClock);
  const started = performance.now();
  await pause(500);
  const asked = performance.now();
  const stopped = load.stop();
  const due = (ms: number) => Math.floor(ms / 10) + 1;
  const [least, most] = [due(asked - started), due(performance.now() - before) + 1];
  assert.ok(await isSoonerThan(500, stopped));
  const result = await stopped;
  assert.ok(
    result.intended >= least && result.intended <= most,
    `${result.intended}, not ${least} to ${most}`,
  );
  assert.deepEqual([result.completed, result.errors], [0, {}]);
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
  await startLoad({ ...open(server.url, 10, 400), requests }, systemClock).finished;
  assert.deepEqual(seen, ['GET /a?x=1 ', 'POST /b {"n":1}', 'GET /a?x=1 ', 'POST /b {"n":1}']);
});

test('load goes on when a killed target comes back, and all that was due is accounted for', async () => {
  const first = await serve((_, response) => response.end('ok'));
  const load = startLoad(open(first.url, 200, 2500), systemClock);
  await pause(500);
  const outageAt = performance.now();
  await first.kill();
  await pause(1000);
  await using _second = await serve((_, response) => response.end('ok'), first.port);
  const outageMs = performance.now() - outageAt;
  const { intended, sent, completed, errors } = await load.finished;
  const { refused = 0, closed = 0, reset = 0 } = errors;
  assert.deepEqual([intended, sent], [500, 500]);
  assert.equal(completed + refused + closed + reset, 500, JSON.stringify({ completed, ...errors }));
  // 200 a second; what is due just after it may be taken for refused as well.
  const due = outageMs / 5;
  assert.ok(refused > 0.75 * due && refused < 1.15 * due + 10, `${refused} of ${due}`);
});
