import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { after, test } from 'node:test';
import axios from 'axios';
import { systemClock } from '../../src/core/clock.ts';
import { baseUrl } from '../../src/core/lab.ts';
import { findFault } from '../../src/faults/index.ts';
import { connectAdmin, countSessions } from '../../src/faults/postgres.ts';
import { inspect, shop, under, world } from '../support/faults.ts';
import { docker, LAB, lab, startChaos } from '../support/lab.ts';

const state = (service: string) => inspect(service, '{{.State.Running}} {{.State.Paused}}');
after(async () => {
  for (let tries = 0; tries < 20; tries++) {
    if ((await startChaos('status', '--name', LAB).ended).code === 0) return;
    await systemClock.sleep(1000);
  }
  assert.fail('the lab is not ready again');
});

test('container-stop: nobody answers, and it runs again', async () => {
  await under('container-stop', { target: 'api' }, async () => {
    assert.equal(await state('api'), 'false false');
    assert.equal(await shop('/health'), 'ECONNREFUSED');
  });
  assert.equal(await state('api'), 'true false');
});

test('container-kill: the process dies of the signal, and it runs again', async () => {
  await under('container-kill', { target: 'api' }, async () => {
    assert.equal(await inspect('api', '{{.State.ExitCode}}'), '137');
  });
  assert.equal(await state('api'), 'true false');
});

test('container-pause: connections are taken and never answered, and it goes on', async () => {
  await under('container-pause', { target: 'api' }, async () => {
    assert.equal(await state('api'), 'true true');
    assert.equal(await shop('/health'), 'ECONNABORTED');
  });
  assert.equal(await state('api'), 'true false');
  assert.equal(await shop('/health', 5000), 200);
});

test('container-restart: another process under the same name', async () => {
  const before = await inspect('api', '{{.State.StartedAt}}');
  await under('container-restart', { target: 'api' }, async () => {});
  assert.notEqual(await inspect('api', '{{.State.StartedAt}}'), before);
});

test('network-disconnect: it runs but is not on the network, and is found there again by its names', async () => {
  const names = async () =>
    JSON.parse(
      await inspect('redis', '{{range .NetworkSettings.Networks}}{{json .Aliases}}{{end}}'),
    ) as string[];
  const before = await names();
  await under('network-disconnect', { target: 'redis' }, async () => {
    assert.equal(await inspect('redis', '{{len .NetworkSettings.Networks}}'), '0');
    assert.equal(await state('redis'), 'true false');
  });
  assert.deepEqual([...new Set(await names())].sort(), [...new Set(before)].sort());
  const { stdout } = await docker(
    'exec',
    `${LAB}-api`,
    'python3',
    '-c',
    "import socket; print(socket.gethostbyname('redis'))",
  );
  assert.match(stdout, /^\d+\./);
});

test('cpu-limit: the kernel enforces it, and it is gone afterwards', async () => {
  const quota = async () =>
    (await docker('exec', `${LAB}-api`, 'cat', '/sys/fs/cgroup/cpu.max')).stdout.trim();
  const before = await quota();
  await under('cpu-limit', { target: 'api', cpus: 0.2 }, async () => {
    assert.equal(await inspect('api', '{{.HostConfig.CpuQuota}}'), '20000');
    if (before !== '') assert.equal(await quota(), '20000 100000');
  });
  assert.equal(await quota(), before);
});

test('cpu-limit: a limit that was there before comes back', async () => {
  // All the cores there are: a limit made by --cpus cannot be taken away again, and this one does no harm.
  const cores = availableParallelism();
  await docker('update', '--cpus', String(cores), `${LAB}-inbox`);
  await under('cpu-limit', { target: 'inbox', cpus: 0.2 }, async () => {
    assert.equal(await inspect('inbox', '{{.HostConfig.NanoCpus}}'), '200000000');
  });
  assert.equal(await inspect('inbox', '{{.HostConfig.NanoCpus}}'), String(cores * 1e9));
});

test('app-failure: payments fail and an endpoint is slow, with a time limit of its own; all is as before', async () => {
  const admin = `${baseUrl(lab(), 'API_ADMIN_PORT')}/admin/switches`;
  const before = (await axios.get(admin, { proxy: false })).data;
  const fields = { payment_failure_rate: 1, added_latency_seconds: 0.5, endpoints: ['/api/products'] };
  await under('app-failure', fields, async () => {
    const order = await axios.post(`${baseUrl(lab(), 'API_PORT')}/api/order`, undefined, {
      proxy: false,
      validateStatus: () => true,
    });
    assert.equal(order.status, 500);
    const began = performance.now();
    assert.equal(await shop('/api/products', 5000), 200);
    assert.ok(performance.now() - began > 500);
  });
  assert.deepEqual((await axios.get(admin, { proxy: false })).data, before);
});

test('postgres-sleep-flood: the shop finds no connection, and every session is gone afterwards', async () => {
  await under('postgres-sleep-flood', { sessions: 120 }, async ({ application }) => {
    const admin = await connectAdmin(lab(), systemClock);
    const sleeping = await countSessions(admin, String(application), "wait_event = 'PgSleep'");
    await admin.end();
    assert.ok(sleeping >= 80, `${sleeping} sleep`);
    const answers = await Promise.all(Array.from({ length: 20 }, () => shop('/api/products', 5000)));
    assert.ok(answers.filter((answer) => answer === 503).length >= 10, answers.join());
  });
  assert.equal(await shop('/api/products', 5000), 200);
});

test('postgres-lock: orders wait and fail, products do not, and the lock is gone afterwards', async () => {
  const order = () =>
    axios
      .post(`${baseUrl(lab(), 'API_PORT')}/api/order`, undefined, {
        proxy: false,
        timeout: 8000,
        validateStatus: () => true,
      })
      .then(({ status }) => status);
  await under('postgres-lock', { table: 'orders' }, async () => {
    assert.equal(await shop('/api/products', 5000), 200);
    assert.equal(await order(), 503);
  });
  // One order in a thousand fails by itself; five in a row do not.
  assert.ok((await Promise.all([order(), order(), order(), order(), order()])).includes(200));
});

test('redis-stall: carts wait and fail, products do not, and it answers again afterwards', async () => {
  const cart = () =>
    axios
      .post(`${baseUrl(lab(), 'API_PORT')}/api/cart`, undefined, {
        proxy: false,
        timeout: 15_000,
        validateStatus: () => true,
      })
      .then(({ status }) => status);
  await under('redis-stall', {}, async () => {
    assert.equal(await cart(), 503);
    assert.equal(await shop('/api/products', 5000), 200);
  });
  assert.equal(await cart(), 200);
});

test('a fault on what does not run is refused before anything is touched', async () => {
  await docker('stop', `${LAB}-nginx-exporter`);
  try {
    for (const type of [
      'container-stop',
      'container-kill',
      'container-pause',
      'container-restart',
      'network-disconnect',
    ]) {
      const fault = findFault(type)!;
      await assert.rejects(
        fault.prepare(fault.fields.parse({ target: 'nginx-exporter' }), world),
        { kind: 'not-ready' },
        type,
      );
    }
  } finally {
    await docker('start', `${LAB}-nginx-exporter`);
  }
});
