import assert from 'node:assert/strict';
import { test } from 'node:test';
import Docker from 'dockerode';
import { systemClock } from '../../../src/core/clock.ts';
import { LAB_PORTS, type Lab, type PortName } from '../../../src/core/lab.ts';
import { connectEngine } from '../../../src/docker/engine.ts';
import { FAULTS } from '../../../src/faults/index.ts';
import { dryRun } from '../../../src/run/dry-run.ts';
import { readScenario } from '../../../src/scenario/load.ts';
import { fakeDaemon } from '../../support/docker-socket.ts';
import { jsonRoutes, serve } from '../../support/server.ts';

// Those of PostgreSQL and Redis ask servers that no fake can be; test/lab/dry-run.test.ts asks real ones.
const ELSEWHERE = ['postgres-sleep-flood', 'postgres-lock', 'redis-stall'];
const FIELDS: Record<string, string> = {
  'cpu-limit': 'target: api, cpus: 0.2,',
  'cpu-hog': 'percent: 50,',
  'network-delay': 'target: api, to: postgres, delay_seconds: 1,',
  'stale-upstream': '',
  'app-failure': 'payment_failure_rate: 0.5,',
};
const faults = FAULTS.map(({ type }) => type).filter((type) => !ELSEWHERE.includes(type));

/** Every fault, one after the other, beside background traffic and a load. */
const SCENARIO = `name: everything
title: t
baseline: 1m
traffic: { connections: 3, url: /api/products }
timeline:
${faults.map((type, i) => `  - { at: ${i}m, fault: { type: ${type}, ${FIELDS[type] ?? 'target: api,'} for: 30s } }`).join('\n')}
  - { id: rush, load: { url: "http://api:5000/api/slow", stages: [{ to: 20, over: 1m }] } }
expect: [{ alert: Down, because: rush }]
`;

const prometheus = (data: unknown) => () => ({ status: 'success', data });
const rule = {
  type: 'alerting',
  name: 'Down',
  query: 'up == 0',
  duration: 6,
};
const group = { name: 'g', file: 'f', interval: 1.5, lastEvaluation: '2026-01-01T00:00:00Z', rules: [rule] };
const ROUTES = {
  '/api/v1/rules': prometheus({ groups: [group] }),
  '/api/v1/targets': prometheus({ activeTargets: [] }),
  '/api/v1/alerts': prometheus({
    alerts: [{ labels: { alertname: 'Old' }, state: 'firing', activeAt: '2026-01-01T00:00:00Z' }],
  }),
  '/api/v1/status/config': prometheus({
    yaml: 'global: { scrape_interval: 1500ms, scrape_timeout: 1s, evaluation_interval: 1500ms, external_labels: { chaos_speed: "10" } }',
  }),
  '/api/v1/status/buildinfo': prometheus({ version: '2' }),
  '/api/v1/status/runtimeinfo': prometheus({ startTime: '2026-01-01T00:00:00Z' }),
  '/api/v1/query': prometheus({ result: [Date.parse('2026-01-01T00:00:00Z') / 1000, '1'] }),
  '/api/v2/status': () => ({
    uptime: '2026-01-01T00:00:00Z',
    versionInfo: { version: '0' },
    config: { original: '' },
  }),
  '/api/v2/silences': () => [],
  '/-/healthy': () => 'OK',
  '/admin/switches': () => ({ payment_failure_rate: 0.001, added_latency_seconds: 0, endpoints: [] }),
  '/health': () => ({}),
  '/metrics': () => 'node_cpu_seconds_total{cpu="0",mode="idle"} 1\n',
};

/** A daemon whose containers all run, on one network. */
const daemon = () =>
  fakeDaemon(({ path, query }) => {
    if (path === '/info') return { NCPU: 2, CpuCfsQuota: true, CpuCfsPeriod: true, CPUShares: true };
    if (path === '/containers/json') {
      const { label = [] } = JSON.parse(query.get('filters') ?? '{}') as { label?: string[] };
      if (label.some((one) => one.startsWith('chaos.helper'))) return [];
      return [{ Id: 'ours', Labels: Object.fromEntries(label.map((one) => one.split('='))) }];
    }
    if (!path.endsWith('/json')) return undefined;
    return {
      Id: 'ours',
      State: { Running: true, StartedAt: '2026-01-01T00:00:00Z' },
      NetworkSettings: { Networks: { lab: { Aliases: [], IPAddress: '172.18.0.2' } } },
      HostConfig: { Tmpfs: { '/run/chaos': '' } },
    };
  });

test('a dry run asks everything and changes nothing, and says what would be touched and when', async () => {
  const asked: string[] = [];
  await using server = await serve((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    jsonRoutes(ROUTES)(request, response);
  });
  await using socket = await daemon();
  const ports = Object.fromEntries(Object.keys(LAB_PORTS).map((name) => [name, server.port]));
  const lab = { name: 'mine', project: 'chaos-mine', speed: 10, wireImage: 'x', ports } as unknown as Lab;
  const { scenario, problems } = readScenario(SCENARIO, 'everything.yaml', {});
  assert.ok(scenario, JSON.stringify(problems));

  const dry = await dryRun({
    scenario,
    lab,
    engine: connectEngine(lab.project, systemClock, new Docker({ socketPath: socket.path })),
    clock: systemClock,
    signal: AbortSignal.timeout(20_000),
    onWaiting: (reason) => assert.fail(reason),
  });

  assert.deepEqual(socket.acts(), []);
  assert.deepEqual(
    asked.filter((one) => !one.startsWith('GET ')),
    [],
  );
  // It did ask: each fault's prepare, and the servers.
  assert.ok(socket.asked.length > faults.length, socket.asked.join('\n'));
  assert.ok(asked.includes('GET /admin/switches') && asked.includes('GET /api/v1/rules'));
  assert.ok(!asked.some((one) => one.includes('/api/slow') || one.includes('/api/products')), 'no load');

  // Live rules, in lab time: 6 s at ten times the speed are a minute.
  assert.equal(dry.plan.expectations[0]?.forMs, 60_000);
  assert.deepEqual(dry.inTheWay, ['Old is firing']);
  const urls = dry.plan.touches.filter(({ kind }) => kind === 'url').map(({ on }) => on);
  const at = (name: PortName) => `http://127.0.0.1:${lab.ports[name]}`;
  assert.deepEqual(
    urls.sort(),
    [`GET ${at('API_PORT')}/api/slow`, `GET ${at('NGINX_PORT')}/api/products`].sort(),
  );
  assert.deepEqual(
    new Set(dry.plan.touches.map(({ step }) => step)),
    new Set(['traffic', 'rush', ...faults]),
  );
});

test('a dry run of what cannot act is refused with every reason, as the run would be', async () => {
  await using server = await serve(jsonRoutes({ ...ROUTES, '/admin/switches': () => ({}) }));
  await using socket = await fakeDaemon(({ path }) => (path === '/containers/json' ? [] : undefined));
  const ports = Object.fromEntries(Object.keys(LAB_PORTS).map((name) => [name, server.port]));
  const lab = { name: 'mine', project: 'chaos-mine', speed: 10, ports } as unknown as Lab;
  const { scenario } = readScenario(SCENARIO, 'everything.yaml', {});
  const waited: string[] = [];
  // It has patience, as a run has; its clock has not.
  let now = 0;
  const clock = {
    now: () => now,
    sleep: async (ms: number) => {
      now += 20 * ms;
    },
  };
  await assert.rejects(
    dryRun({
      scenario: scenario!,
      lab,
      engine: connectEngine(lab.project, systemClock, new Docker({ socketPath: socket.path })),
      clock,
      signal: AbortSignal.timeout(20_000),
      onWaiting: (reason) => waited.push(reason),
    }),
    { kind: 'not-ready', message: /container-stop: .*app-failure: The API's switches/ },
  );
  assert.equal(waited.length, 1);
  assert.deepEqual(socket.acts(), []);
});
