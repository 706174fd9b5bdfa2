import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { type Clock, systemClock } from '../../../src/core/clock.ts';
import { ChaosError } from '../../../src/core/errors.ts';
import type { Lab } from '../../../src/core/lab.ts';
import { destinationOf } from '../../../src/notify/destination.ts';
import { Forwarder } from '../../../src/notify/forwarder.ts';
import { renderDefault } from '../../../src/notify/template.ts';
import { readConfig } from '../../../src/scenario/config.ts';
import { serve } from '../../support/server.ts';
import { HOSTILE, notification } from './support.ts';

/** What is sent to a server that answers with these statuses, one after the other and the last again and again. */
async function sent(count: number, ...statuses: number[]) {
  const got: { request: IncomingMessage; body: string }[] = [];
  await using server = await serve(async (request, response) => {
    got.push({ request, body: await text(request) });
    response.writeHead(statuses[Math.min(got.length, statuses.length) - 1]!, { location: '/elsewhere' });
    response.end('x'.repeat(100));
  });
  const { forwarder, slept, told } = forwarderTo(`${server.url}/hook`);
  for (let i = 0; i < count; i++) forwarder.forward(notification({ alertname: HOSTILE, number: String(i) }));
  await forwarder.idle();
  return { got, slept, told, counts: forwarder.counts };
}

function forwarderTo(url: string, signal = new AbortController().signal) {
  const slept: number[] = [];
  const told: string[] = [];
  const clock: Clock = {
    now: systemClock.now,
    sleep: async (ms) => void slept.push(ms),
  };
  const tell = (sentence: string) => told.push(sentence);
  return { forwarder: new Forwarder({ url, render: renderDefault, clock, signal, tell }), slept, told };
}

test('notifications are posted as JSON, in their order', async () => {
  const { got, counts, told } = await sent(5, 200);
  assert.deepEqual([counts, told], [{ delivered: 5, failed: 0 }, []]);
  for (const [index, { request, body }] of got.entries()) {
    assert.deepEqual([request.method, request.url], ['POST', '/hook']);
    assert.equal(request.headers['content-type'], 'application/json');
    assert.match(JSON.parse(body).text, new RegExp(`number="${index}"`));
  }
});

test('one that fails is tried again, later each time, and the next one waits for it', async () => {
  const { got, slept, counts } = await sent(2, 503, 429, 200);
  assert.deepEqual([counts, slept], [{ delivered: 2, failed: 0 }, [1000, 4000]]);
  const numbers = got.map(({ body }) => /number=\\"(\d)/.exec(body)?.[1]);
  assert.deepEqual(numbers, ['0', '0', '0', '1']);
});

test('one that cannot be delivered is told and counted', async () => {
  const { got, counts, told } = await sent(1, 500);
  assert.deepEqual([got.length, counts], [3, { delivered: 0, failed: 1 }]);
  assert.deepEqual(told, ['A notification was not forwarded: it was answered with 500.']);
});

test('a refusal that would come again is not asked for again, and a redirect is not followed', async () => {
  for (const status of [404, 302]) {
    const { got, counts } = await sent(1, status);
    assert.deepEqual([got.length, counts.failed], [1, 1], String(status));
  }
});

test('a server that is not there is one that fails; nothing throws', async () => {
  const server = await serve(() => {});
  await server.kill();
  const { forwarder, told } = forwarderTo(`${server.url}/services/secret`);
  forwarder.forward(notification({ alertname: 'A' }));
  await forwarder.idle();
  assert.deepEqual(forwarder.counts, { delivered: 0, failed: 1 });
  assert.match(told.join(), /ECONNREFUSED/);
  assert.doesNotMatch(told.join(), /secret/);
});

test('what waits is bounded, and at the end what waits is given up', async () => {
  const over = new AbortController();
  await using server = await serve(() => over.abort());
  const { forwarder } = forwarderTo(server.url, over.signal);
  for (let i = 0; i < 300; i++) forwarder.forward(notification({ alertname: 'A' }));
  assert.equal(forwarder.counts.failed, 99);
  over.signal.addEventListener('abort', () => server.server.closeAllConnections());
  await forwarder.idle();
  assert.deepEqual(forwarder.counts, { delivered: 0, failed: 300 });
});

const LAB = { name: 'x', ports: { API_PORT: 5123, NGINX_PORT: 8123 } } as Lab;

test('notifications go to this machine and to the lab, and where the configuration allows it', () => {
  const HOOKS = 'https://hooks.example';
  for (const [given, url] of [
    ['http://127.0.0.1:8000/hook?x=1', 'http://127.0.0.1:8000/hook?x=1'],
    ['https://localhost/hook', 'https://localhost/hook'],
    ['http://api:5000/hook', 'http://127.0.0.1:5123/hook'],
    ['http://nginx/hook', 'http://127.0.0.1:8123/hook'],
    [`${HOOKS}/services/x`, `${HOOKS}/services/x`],
  ] as const)
    assert.equal(destinationOf(given, LAB, [HOOKS]), url);
  for (const given of [
    'http://hooks.example/x',
    'https://hooks.example:8443/x',
    'https://hooks.example.evil.example/x',
    'https://hooks.example@evil.example/x',
    'http://localhost:80@evil.example/',
    'http://api:1234/',
    'https://api:5000/',
    'file:///etc/passwd',
    'hook',
  ])
    assert.throws(() => destinationOf(given, LAB, [HOOKS]), { kind: 'usage' }, given);
});

test('what is refused is told with the line that would allow it, and that line does', () => {
  const given = 'https://hooks.example/services/secret';
  assert.throws(
    () => destinationOf(given, LAB, []),
    (error: ChaosError) => {
      assert.ok(error instanceof ChaosError);
      assert.doesNotMatch(error.message + error.hint, /secret/);
      const line = error.hint?.split('chaos.config.yaml: ')[1] ?? '';
      const { config } = readConfig(line, 'chaos.config.yaml');
      assert.equal(destinationOf(given, LAB, config!.allow.urls), given);
      return true;
    },
  );
});
