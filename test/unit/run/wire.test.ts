import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lab } from '../../../src/core/lab.ts';
import { swarmUrl, wireLoad, wireUrl } from '../../../src/run/wire.ts';

const lab = { ports: { NGINX_PORT: 8080, API_PORT: 5000, API_ADMIN_PORT: 5001 } } as Lab;

test('a path goes through nginx, a service to its published port, loopback as it is', () => {
  assert.equal(wireUrl({ url: '/api/slow?x=1' }, lab), 'http://127.0.0.1:8080/api/slow?x=1');
  assert.equal(wireUrl({ url: 'http://api:5000/health' }, lab), 'http://127.0.0.1:5000/health');
  assert.equal(wireUrl({ url: 'http://api:5001/metrics' }, lab), 'http://127.0.0.1:5001/metrics');
  assert.equal(wireUrl({ url: 'http://nginx/' }, lab), 'http://127.0.0.1:8080/');
  assert.equal(wireUrl({ url: 'http://localhost:3000/x' }, lab), 'http://localhost:3000/x');
});

test('load goes nowhere else', () => {
  for (const url of [
    'http://example.org/',
    'http://api:1234/',
    'https://api:5000/',
    'http://127.0.0.1.example.org/',
  ]) {
    assert.throws(() => wireUrl({ url }, lab), { kind: 'usage' }, url);
  }
});

test('an allowed URL is asked as it is, over http alone; a service of the lab stays one', () => {
  const allowed = true as const;
  const url = 'http://shop.staging.internal:8080/x';
  assert.equal(wireUrl({ url, allowed }, lab), url);
  assert.equal(wireUrl({ url: 'http://api:5000/x', allowed }, lab), 'http://127.0.0.1:5000/x');
  assert.throws(() => wireUrl({ url: 'https://shop.example/', allowed }, lab), { kind: 'usage' });
});

test('from other machines the lab’s services are asked by their names, their published ports too', () => {
  const nginx = { url: 'http://nginx/api/slow?x=1', service: 'nginx' };
  assert.deepEqual(swarmUrl({ url: '/api/slow?x=1' }, lab), nginx);
  assert.deepEqual(swarmUrl({ url: 'http://nginx/api/slow?x=1' }, lab), nginx);
  assert.deepEqual(swarmUrl({ url: 'http://127.0.0.1:8080/a?b' }, lab), {
    url: 'http://nginx:80/a?b',
    service: 'nginx',
  });
  assert.deepEqual(swarmUrl({ url: 'http://api:5001/metrics' }, lab), {
    url: 'http://api:5001/metrics',
    service: 'api',
  });
});

test('from other machines, too, load goes nowhere else; their loopback is not this one', () => {
  for (const url of [
    'http://localhost:3000/',
    'http://127.0.0.1/',
    'http://example.org/',
    'https://api:5000/',
  ])
    assert.throws(() => swarmUrl({ url }, lab), { kind: 'usage' }, url);
  const url = 'http://shop.staging.internal:8080/x';
  assert.deepEqual(swarmUrl({ url, allowed: true }, lab), { url });
});

test('stages are in wall time, connections are not scaled', () => {
  const spec = {
    model: 'closed' as const,
    requests: [{ method: 'GET' as const, url: '/' }],
    stages: [{ to: 80, overMs: 60_000 }, { holdMs: 300_000 }],
  };
  assert.deepEqual(wireLoad('x', spec, lab, 10).stages, [{ to: 80, overMs: 6000 }, { holdMs: 30_000 }]);
});
