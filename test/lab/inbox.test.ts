import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import axios from 'axios';
import { baseUrl } from '../../src/core/lab.ts';
import { Inbox, type Notified } from '../../src/observe/inbox.ts';
import { docker, LAB, lab, startChaos } from '../support/lab.ts';

const http = axios.create({ proxy: false, timeout: 10_000, validateStatus: () => true });
const url = () => baseUrl(lab(), 'INBOX_PORT');
const JSON_TYPE = { 'content-type': 'application/json' };
const post = (body: unknown, headers: Record<string, string> = JSON_TYPE) =>
  http.post<{ error?: string }>(`${url()}/webhook`, body, { headers });

const alert = {
  status: 'resolved',
  labels: { alertname: 'PostedByATest' },
  annotations: {},
  startsAt: '2026-01-01T00:00:00.123456789Z',
  endsAt: '2026-01-01T00:01:00Z',
  generatorURL: 'http://prometheus:9090/graph',
  fingerprint: '0123456789abcdef',
};
const good = {
  version: '4',
  groupKey: '{}:{}',
  truncatedAlerts: 0,
  status: 'resolved',
  receiver: 'inbox',
  groupLabels: {},
  commonLabels: {},
  commonAnnotations: {},
  externalURL: 'http://alertmanager:9093',
  alerts: [alert],
};

// What these tests have filled it with would be read at the beginning of every run.
after(async () => {
  await docker('restart', '--time', '1', `${LAB}-inbox`);
  while ((await http.get(`${url()}/health`).catch(() => ({ status: 0 }))).status !== 200) await pause(100);
});

test('the inbox takes what Alertmanager writes, and keeps it for whoever asks', async () => {
  const inbox = new Inbox(url());
  await inbox.news();
  // What a newer Alertmanager may add is let through.
  assert.equal((await post({ ...good, addedLater: { a: [1] } })).status, 200);
  const news = await inbox.news();
  assert.deepEqual(
    news
      .filter(({ labels }) => labels.alertname === 'PostedByATest')
      .map(({ status, startsAt }) => [status, startsAt]),
    [['resolved', alert.startsAt]],
  );
});

test('whatever else is posted is refused with a sentence, and not kept', async () => {
  const inbox = new Inbox(url());
  await inbox.news();
  const nested = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
  const refused: [status: number, body: unknown, headers?: Record<string, string>][] = [
    [400, 'not json'],
    [400, ''],
    [400, nested],
    [400, JSON.stringify(good).replace('"4"', nested)],
    [400, JSON.stringify(good).replace('0,', 'NaN,')],
    [400, []],
    [400, { ...good, version: '3' }],
    [400, { ...good, alerts: [] }],
    [400, { ...good, alerts: Array(5001).fill(0) }],
    [400, { ...good, status: ['firing'] }],
    [400, { ...good, truncatedAlerts: '0' }],
    [400, { ...good, groupKey: 'x'.repeat(20_000) }],
    [400, { ...good, alerts: [{ ...alert, status: 'on' }] }],
    [400, { ...good, alerts: [{ ...alert, startsAt: 'yesterday' }] }],
    [400, { ...good, alerts: [{ ...alert, labels: { a: 1 } }] }],
    [
      400,
      {
        ...good,
        alerts: [{ ...alert, labels: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [i, ''])) }],
      },
    ],
    [400, { ...good, alerts: [{ ...alert, fingerprint: '<script>' }] }],
    [413, { ...good, padding: 'x'.repeat(1024 * 1024) }],
    [415, JSON.stringify(good), { 'content-type': 'text/plain' }],
    [415, 'a=b', { 'content-type': 'application/x-www-form-urlencoded' }],
  ];
  for (const [status, body, headers] of refused) {
    const answer = await post(body, headers);
    const what = JSON.stringify(body).slice(0, 80);
    assert.equal(answer.status, status, what);
    assert.match(answer.data.error ?? '', /^[\w"[\].]+ .{5,200}$/, what);
  }
  for (const method of ['get', 'put', 'delete'] as const)
    assert.equal((await http[method](`${url()}/webhook`)).status, 405);
  assert.equal((await http.post(`${url()}/notifications`, good)).status, 405);
  const news = await inbox.news();
  assert.deepEqual(
    news.filter(({ labels }) => !('severity' in labels)),
    [],
  );
});

test('chaos inbox shows what has arrived, with nothing in it that a terminal obeys', async () => {
  const hostile = { ...alert, labels: { ...alert.labels, alertname: 'FromATest', team: 'a\u001b[2J\u009b' } };
  assert.equal((await post({ ...good, alerts: [hostile] })).status, 200);
  const plain = await startChaos('inbox', '--no-follow', '--name', LAB).ended;
  assert.equal(plain.code, 0, plain.stderr);
  assert.match(plain.stdout, /^\d\d:\d\d:\d\d {2}\w+ +FromATest\{.*team="a\u241b\[2J\u{fffd}"/mu);
  const { stdout } = await startChaos('inbox', '--no-follow', '--json', '--name', LAB).ended;
  const lines: Notified[] = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.equal(lines.find(({ labels }) => labels.alertname === 'FromATest')?.labels.team, 'a\u001b[2J\u009b');
});

test('the size counts even where it is not said beforehand', async () => {
  const chunks = Readable.from(Array.from({ length: 40 }, () => Buffer.alloc(50_000, ' ')));
  assert.equal((await post(chunks)).status, 413);
});

test('what is kept is bounded: older notifications give way, and pages are small', async () => {
  const notification = {
    ...good,
    alerts: Array.from({ length: 60 }, () => ({ ...alert, annotations: { a: 'x'.repeat(15_000) } })),
  };
  const used = async () =>
    Number(
      (await docker('exec', `${LAB}-inbox`, 'cat', '/sys/fs/cgroup/memory/memory.usage_in_bytes')).stdout,
    ) || Number((await docker('exec', `${LAB}-inbox`, 'cat', '/sys/fs/cgroup/memory.current')).stdout);
  const body = JSON.stringify(notification);
  for (let i = 0; i < 45; i++) assert.equal((await post(body)).status, 200);
  const { data } = await http.get<string>(`${url()}/notifications`, {
    responseType: 'text',
    transformResponse: (text) => text,
  });
  assert.ok(data.length < 9 * 1024 * 1024, `${data.length} bytes in a page`);
  const news = await new Inbox(url()).news();
  const kept = news.length / 60;
  assert.ok(kept >= 30 && kept <= 40, `${kept} of 45 MiB kept`);
  assert.ok((await used()) < 250 * 1024 * 1024, `${await used()} bytes`);
});
