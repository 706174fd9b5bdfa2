import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UndoNote } from '../../../src/faults/fault.ts';
import { FAULTS } from '../../../src/faults/index.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { SECONDS_15, scenarioFrom } from '../../support/plan.ts';

const planned = (steps: string, speed = 1, rest = '') =>
  makePlan(
    scenarioFrom(`name: x\ntitle: t\nbaseline: 1m\ntimeline:\n${steps}\nwatch: 5m\n${rest}`),
    { alerts: [], recordings: [] },
    SECONDS_15,
    { lab: 'mine', speed },
  ).touches;

/** The fields a fault needs beside its defaults. */
const NEEDED: Record<string, UndoNote> = {
  'network-delay': { target: 'api', to: 'redis', delay_seconds: 1 },
  'cpu-limit': { target: 'api', cpus: 0.2 },
  'postgres-sleep-flood': { sessions: 97 },
};

test('every fault names what it touches, all of its targets among it, and how each is taken back', () => {
  for (const { type, fields, targets, touches } of FAULTS) {
    const given = [{ target: 'api', ...NEEDED[type] }, { ...NEEDED[type] }]
      .map((one) => fields.safeParse(one))
      .find(({ success }) => success);
    assert.ok(given?.success, type);
    const touched = touches(given.data);
    assert.ok(touched.length > 0, type);
    for (const target of targets(given.data))
      assert.ok(
        touched.some(({ on }) => on === target),
        `${type} ${target}`,
      );
    for (const { does, undo } of touched) assert.ok(does !== '' && undo !== '', type);
    // A fault on the host, and one that adds containers, says so.
    if (targets(given.data).length === 0)
      assert.ok(
        touched.some(({ kind }) => kind === 'host'),
        type,
      );
  }
});

test('a container is called as Docker calls it, a helper and the host as they are', () => {
  const names = (steps: string) => planned(steps).map(({ kind, on }) => `${kind} ${on}`);
  assert.deepEqual(names('  - fault: { type: container-stop, target: api, for: 3m }'), [
    'container mine-api',
  ]);
  assert.deepEqual(names('  - fault: { type: cpu-hog, for: 3m }'), ['host the host', 'helper chaos-cpu-hog']);
  assert.deepEqual(
    names('  - fault: { type: network-delay, target: api, to: postgres, delay_seconds: 1, for: 3m }'),
    [
      'network mine-api',
      'network mine-postgres',
      'helper chaos-network-delay-api',
      'helper chaos-network-delay-api-once',
    ],
  );
});

test('traffic is touched from the baseline to the end, a step for as long as it lasts', () => {
  const touches = planned(
    '  - { at: 30s, fault: { type: redis-stall, for: 1m } }',
    1,
    'traffic: { connections: 3, url: /api/products }\n',
  );
  assert.deepEqual(
    touches.map(({ step, kind, on, atMs, endMs }) => [step, kind, on, atMs, endMs]),
    [
      ['traffic', 'url', 'GET http://nginx/api/products', -60_000, 300_000],
      ['redis-stall', 'database', 'mine-redis', 30_000, 90_000],
    ],
  );
});

test('a load says how much it asks of each URL at most: connections, or requests at the speed of the lab', () => {
  const stages = 'stages: [{ to: 50, over: 1m }, { hold: 1m }]';
  const closed = planned(`  - load: { requests: [{ url: /a }, { url: /b, method: POST }], ${stages} }`);
  assert.deepEqual(
    closed.map(({ on, does }) => [on, does]),
    ['GET http://nginx/a', 'POST http://nginx/b'].map((on) => [
      on,
      'one request at a time by each of at most 50 connections, which ask all of these in turn',
    ]),
  );
  const open = `  - load: { model: open, max_in_flight: 9, requests: [{ url: /a }, { url: /a }, { url: /b }], ${stages} }`;
  // A ramp of a minute to 50 a second is 1,500 requests, a minute at 50 is 3,000: two of three go to /a.
  assert.deepEqual(
    planned(open).map(({ does }) => does),
    ['at most 3000 requests, 34 a second, 9 in flight', 'at most 1500 requests, 17 a second, 9 in flight'],
  );
  assert.match(planned(open, 10)[0]!.does, /^at most 300 requests/);
});

test('a load from a Swarm names its machines, its network, the hub, and what is connected', () => {
  const scenario = scenarioFrom(
    'name: x\ntitle: t\nbaseline: 1m\ntimeline: [{ load: { url: /x, stages: [{ to: 1, over: 1m }] } }]\nwatch: 5m\n',
  );
  const swarm = { generators: 3, nodes: ['one', 'two'], services: ['nginx'], internal: true };
  const { touches } = makePlan(scenario, { alerts: [], recordings: [] }, SECONDS_15, {
    lab: 'mine',
    speed: 1,
    swarm,
  });
  assert.deepEqual(
    touches.map(({ kind, on, atMs }) => [kind, on, atMs]),
    [
      ['swarm', '3 tasks of a service on one, two', -60_000],
      ['helper', 'the hub of the load generators', -60_000],
      ['network', 'mine-nginx', -60_000],
      ['url', 'GET http://nginx/x', 0],
    ],
  );
  assert.match(touches[0]!.does, /leads nowhere else/);
});
