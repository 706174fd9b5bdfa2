import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import axios from 'axios';
import { baseUrl } from '../../src/core/lab.ts';
import { Prometheus } from '../../src/observe/prometheus.ts';
import { docker, LAB, lab, startChaos } from '../support/lab.ts';

const http = axios.create({ proxy: false, timeout: 10_000, validateStatus: () => true });
const shop = (path: string) => baseUrl(lab(), 'NGINX_PORT') + path;
const admin = (path: string) => baseUrl(lab(), 'API_ADMIN_PORT') + path;
const prometheus = () => new Prometheus(baseUrl(lab(), 'PROMETHEUS_PORT'));
const metrics = async () => (await http.get<string>(admin('/metrics'))).data;
const series = (text: string, metric: string) =>
  text.split('\n').filter((line) => line.startsWith(`${metric}{`));

/** Asks until the answer is as wanted, for at most `seconds`. */
async function until(what: string, seconds: number, ask: () => Promise<boolean>): Promise<void> {
  for (let left = seconds * 4; left > 0; left--) {
    if (await ask().catch(() => false)) return;
    await pause(250);
  }
  assert.fail(`not within ${seconds} s: ${what}`);
}
const healthy = () =>
  until(
    'the lab is ready again',
    40,
    async () => (await startChaos('status', '--name', LAB).ended).code === 0,
  );

test('every target is UP, the speed is stated, and every rule can be evaluated', async () => {
  const targets = await prometheus().targets();
  assert.deepEqual([...new Set(targets.map(({ labels }) => labels.job))].sort(), [
    'alertmanager',
    'api',
    'blackbox-http',
    'nginx',
    'node',
    'postgres',
    'prometheus',
    'redis',
  ]);
  assert.ok(targets.every(({ health }) => health === 'up'));
  const settings = await prometheus().settings();
  assert.deepEqual(settings, { speed: 10, scrapeMs: 1500, scrapeTimeoutMs: 1000, evaluationMs: 1500 });
  const { alerts, recordings } = await prometheus().rules();
  assert.ok(alerts.length >= 16 && recordings.length >= 3);
  for (const { expr } of [...alerts, ...recordings]) await prometheus().instant(expr);
  assert.equal(alerts.find(({ name }) => name === 'InstanceDown')?.forMs, 6000);
});

test('defect 1: the latency SLI has a value', async () => {
  for (let i = 0; i < 4; i++) {
    await http.get(shop('/api/products'));
    await pause(1500);
  }
  await until(
    'sli:latency:ratio_rate5m',
    10,
    async () => Number((await prometheus().instant('sli:latency:ratio_rate5m'))[0]?.value[1]) >= 0,
  );
});

test('defect 3: without Redis carts fail, without PostgreSQL products and orders do, and both come back by themselves', async () => {
  assert.equal((await http.post(shop('/api/cart'))).status, 200);
  assert.equal((await http.get(shop('/api/products'))).data.products.length, 3);
  for (const [service, method, path] of [
    ['redis', 'post', '/api/cart'],
    ['postgres', 'get', '/api/products'],
    ['postgres', 'post', '/api/order'],
  ] as const) {
    await docker('stop', `${LAB}-${service}`);
    assert.equal((await http[method](shop(path))).status, 503, service);
    await docker('start', `${LAB}-${service}`);
    await until(`${path} works again`, 20, async () => (await http[method](shop(path))).status === 200);
  }
  await healthy();
});

test('defect 8: random paths make one series, and scrapes and health checks none', async () => {
  for (let i = 0; i < 50; i++) assert.equal((await http.get(shop(`/random-${i}`))).status, 404);
  await http.get(shop('/health'));
  const seen = series(await metrics(), 'http_requests_total');
  assert.equal(seen.filter((line) => line.includes('unmatched')).length, 1);
  assert.equal(seen.filter((line) => /random|health|metrics/.test(line)).length, 0);
  assert.match(await metrics(), /^http_requests_active 0\.0$/m);
});

test('defect 10: an API that comes back under another address is found by nginx', async () => {
  const network = `${lab().project}_default`;
  const address = async () =>
    (
      await docker(
        'inspect',
        '--format',
        '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}',
        `${LAB}-api`,
      )
    ).stdout;
  const before = await address();
  await docker('network', 'disconnect', network, `${LAB}-api`);
  const squatter = await docker(
    'run',
    '--detach',
    '--rm',
    '--network',
    network,
    '--name',
    `${LAB}-squatter`,
    '--entrypoint',
    'sleep',
    await image(),
    '60',
  );
  assert.equal(squatter.code, 0, squatter.stderr);
  try {
    await docker('network', 'connect', '--alias', 'api', network, `${LAB}-api`);
    assert.notEqual(await address(), before);
    await until(
      'nginx reaches the new address',
      10,
      async () => (await http.get(shop('/api/products'))).status === 200,
    );
  } finally {
    await docker('rm', '--force', `${LAB}-squatter`);
  }
  await healthy();
});

const image = async () =>
  (await docker('inspect', '--format', '{{.Config.Image}}', `${LAB}-api`)).stdout.trim();

test('defect 11: the API is no superuser, and everything listens on loopback alone', async () => {
  const sql = 'SELECT rolname FROM pg_roles WHERE rolsuper';
  const { stdout } = await docker('exec', `${LAB}-postgres`, 'psql', '-U', 'postgres', '-tAc', sql);
  assert.equal(stdout.trim(), 'postgres');
  const { stdout: ports } = await docker('ps', '--filter', `name=^${LAB}-`, '--format', '{{.Ports}}');
  assert.doesNotMatch(ports, /0\.0\.0\.0|:::/);
});

test('defect 11: no password stands in a process list', async () => {
  const { stdout: environment } = await docker('inspect', '--format', '{{json .Config.Env}}', `${LAB}-redis`);
  const password = /REDIS_PASSWORD=(\w+)/.exec(environment)?.[1];
  assert.ok(password);
  for (const service of ['redis', 'postgres', 'api', 'postgres-exporter', 'redis-exporter']) {
    assert.ok(!(await docker('top', `${LAB}-${service}`)).stdout.includes(password), service);
  }
});

test('defect 12: docker stop ends the API by SIGTERM, not by the ten seconds', async () => {
  const began = performance.now();
  await docker('stop', `${LAB}-api`);
  const took = performance.now() - began;
  const { stdout } = await docker('inspect', '--format', '{{.State.ExitCode}}', `${LAB}-api`);
  await docker('start', `${LAB}-api`);
  assert.ok(took < 5000, `${Math.round(took)} ms`);
  assert.notEqual(stdout.trim(), '137', 'killed');
  await healthy();
});

test('defect 13: node-exporter sees the machine’s file systems', async () => {
  const [root] = await prometheus().instant('node_filesystem_size_bytes{mountpoint="/"}');
  assert.ok(Number(root?.value[1]) > 0);
  assert.deepEqual(await prometheus().instant('node_filesystem_device_error == 1'), []);
});

test('the payment failure rate is switched at run time, and reverts by itself', async () => {
  const read = async () => (await http.get(admin('/admin/switches'))).data.payment_failure_rate;
  const before = await read();
  assert.equal(
    (await http.put(admin('/admin/switches'), { payment_failure_rate: 1, ttl_seconds: 1 })).status,
    200,
  );
  assert.equal((await http.post(shop('/api/order'))).status, 500);
  await pause(1200);
  assert.equal(await read(), before);
  for (const wrong of [{ payment_failure_rate: 2 }, { nonsense: 1 }, [], { ttl_seconds: 'x' }]) {
    assert.equal((await http.put(admin('/admin/switches'), wrong)).status, 400, JSON.stringify(wrong));
  }
  assert.equal((await http.get(shop('/admin/switches'))).status, 404);
});

test('a lab’s name that is nearly right is told which', async () => {
  const { code, stderr } = await startChaos('status', '--name', `${LAB}x`).ended;
  assert.equal(code, 3);
  assert.match(stderr, RegExp(`did you mean ${LAB}\\?`));
});

test('status is exit 3 while a container is down', async () => {
  await docker('stop', `${LAB}-nginx-exporter`);
  const { code, stdout } = await startChaos('status', '--name', LAB).ended;
  await docker('start', `${LAB}-nginx-exporter`);
  assert.equal(code, 3);
  assert.match(stdout, /nginx-exporter/);
  await healthy();
});
