import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { systemClock } from '../../../src/core/clock.ts';
import type { Load } from '../../../src/load/load.ts';
import { startLoad } from '../../../src/load/work.ts';
import { getJson } from '../../../src/observe/http.ts';
import { serve } from '../../support/server.ts';
import { until } from '../../support/until.ts';

const MODELS: Record<string, (url: string) => Load> = {
  closed: (url) => ({
    name: 'x',
    model: 'closed',
    requests: [{ method: 'GET', url }],
    stages: [{ to: 2, overMs: 0 }, { holdMs: 60_000 }],
  }),
  open: (url) => ({
    name: 'x',
    model: 'open',
    arrivals: 'constant',
    maxInFlight: 10,
    requests: [{ method: 'POST', url, body: { a: 1 } }],
    stages: [{ to: 50, overMs: 0 }, { holdMs: 60_000 }],
  }),
};

/** A server nobody may be sent to, and one that sends everybody there. */
async function trap() {
  let lured = 0;
  const elsewhere = await serve((_, response) => {
    lured++;
    response.end('{}');
  });
  const codes = [301, 302, 303, 307, 308];
  let asked = 0;
  const target = await serve((_, response) => {
    response.writeHead(codes[asked++ % codes.length]!, { location: `${elsewhere.url}/there` });
    response.end();
  });
  return { elsewhere, target, lured: () => lured };
}

for (const [model, loadOn] of Object.entries(MODELS)) {
  test(`a redirect does not lead load elsewhere: ${model} model`, async () => {
    const { elsewhere, target, lured } = await trap();
    await using _both = elsewhere;
    await using _target = target;
    const load = startLoad(loadOn(`${target.url}/x`), systemClock);
    await until('each kind was answered', () => load.snapshot().completed >= 10);
    const result = await load.stop();
    const redirects = Object.entries(result.statuses).filter(([status]) => status.startsWith('3'));
    assert.ok(redirects.length >= 5 && result.completed >= 10, JSON.stringify(result.statuses));
    assert.equal(lured(), 0);
  });
}

test('nor what is read of a server of the lab', async () => {
  const { elsewhere, target, lured } = await trap();
  await using _both = elsewhere;
  await using _target = target;
  await assert.rejects(getJson('Prometheus', target.url, z.object({})), { name: 'Unreachable', status: 301 });
  assert.equal(lured(), 0);
});

test('a closed load with two servers is a mistake of ours, and sends nothing to the wrong one', async () => {
  const asked: string[] = [];
  await using one = await serve((request, response) => {
    asked.push(request.url ?? '');
    response.end();
  });
  await using two = await serve((_, response) => response.end());
  const load = MODELS.closed!(`${one.url}/meant-for-one`);
  load.requests.push({ method: 'GET', url: `${two.url}/meant-for-two` });
  await assert.rejects(startLoad(load, systemClock).finished, /go to one server/);
  assert.ok(!asked.includes('/meant-for-two'));
});
