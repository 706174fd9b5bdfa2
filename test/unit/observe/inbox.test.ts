import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Inbox } from '../../../src/observe/inbox.ts';
import { jsonRoutes, serve } from '../../support/server.ts';

const alert = { status: 'firing', labels: { alertname: 'A' }, startsAt: '2026-01-01T00:01:00.123456789Z' };
const note = { receivedAt: '2026-01-01T00:01:00.500Z', receiver: 'inbox', alerts: [alert] };
const page = (next: unknown, notifications: unknown, more?: boolean) => ({ next, notifications, more });

/** What a client makes of answers that are given one after the other, the last of them again and again. */
async function readOf(...answers: unknown[]) {
  const since: (string | null)[] = [];
  let asked = 0;
  await using server = await serve((request, response) => {
    since.push(new URL(request.url ?? '/', 'http://x').searchParams.get('since'));
    jsonRoutes({ '/notifications': () => answers[Math.min(asked++, answers.length - 1)] })(request, response);
  });
  const inbox = new Inbox(server.url);
  return { news: await inbox.news(), again: await inbox.news(), since };
}

test('what was read is not read again, and pages are read to the last', async () => {
  const { news, again, since } = await readOf(page(3, [note, note], true), page(4, [note]), page(4, []));
  assert.deepEqual([news.length, again.length], [3, 0]);
  assert.deepEqual(since, ['0', '3', '4']);
});

test('an inbox that was started anew counts from the beginning, and so does its reader', async () => {
  const { news, again, since } = await readOf(page(9, [note]), page(2, []), page(2, [note]), page(2, []));
  assert.deepEqual([news.length, again.length], [1, 1]);
  assert.deepEqual(since, ['0', '9', '0']);
});

test('one that has more without end does not hold a poll for ever', async () => {
  const { news } = await readOf(page(1, [note], true));
  assert.equal(news.length, 20);
});

test('what is not as the inbox writes it is no answer', async () => {
  for (const wrong of [
    [],
    page('1', []),
    page(-1, []),
    page(1, {}),
    page(1, [{ ...note, alerts: [{ ...alert, status: 'on' }] }]),
    page(1, [{ ...note, alerts: [{ ...alert, labels: { a: 1 } }] }]),
    page(1, [{ ...note, alerts: [{ ...alert, startsAt: 'now' }] }]),
    page(1, [{ ...note, receivedAt: '<b>' }]),
    page(1, [{ ...note, alerts: Array(5001).fill(alert) }]),
  ])
    await assert.rejects(readOf(wrong), { name: 'Unreachable' }, JSON.stringify(wrong).slice(0, 100));
});

test('an answer that is too large is given up', async () => {
  let sent = 0;
  await using server = await serve((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const more = (): void => {
      while (sent < 200e6 && !response.destroyed) {
        sent += 1e6;
        if (!response.write(' '.repeat(1e6))) return void response.once('drain', more);
      }
      response.end('{}');
    };
    more();
  });
  await assert.rejects(new Inbox(server.url).news(), /maxContentLength/);
  assert.ok(sent < 60e6, `${sent} bytes sent`);
});
