import assert from 'node:assert/strict';
import { test } from 'node:test';
import { systemClock } from '../../../src/core/clock.ts';
import { Alertmanager } from '../../../src/observe/alertmanager.ts';
import { Inbox } from '../../../src/observe/inbox.ts';
import { type Observations, observe } from '../../../src/observe/observer.ts';
import { Prometheus } from '../../../src/observe/prometheus.ts';
import { jsonRoutes, serve } from '../../support/server.ts';

const alert = (state: string) => ({
  labels: { alertname: 'A', job: 'api' },
  state,
  activeAt: '2026-01-01T00:00:00Z',
});
const managed = (state: string, silencedBy: string[] = []) => ({
  labels: { alertname: 'A', job: 'api', environment: 'lab' },
  fingerprint: 'f',
  updatedAt: '2026-01-01T00:00:00Z',
  startsAt: '2026-01-01T00:01:00.000Z',
  endsAt: '2026-01-01T00:05:00.000Z',
  status: { state, silencedBy, inhibitedBy: [] },
});

/** Polls fake servers whose answers change from poll to poll, so many times and once more. */
async function watch(
  states: { prometheus: (poll: number) => unknown[]; alertmanager: (poll: number) => unknown[] },
  polls: number,
) {
  let poll = 0;
  await using prometheus = await serve(
    jsonRoutes({
      '/api/v1/alerts': () => ({ status: 'success', data: { alerts: states.prometheus(poll) } }),
    }),
  );
  await using alertmanager = await serve(jsonRoutes({ '/api/v2/alerts': () => states.alertmanager(poll) }));
  const note = (receivedAt: string, status = 'firing', alertname = 'A') => ({
    receivedAt,
    receiver: 'inbox',
    alerts: [{ status, labels: { alertname }, startsAt: '2026-01-01T00:01:00Z' }],
  });
  const kept = [
    note('2026-01-01T00:01:00.500Z'),
    note('2026-01-01T00:02:00.500Z', 'resolved', 'B'),
    note('2026-01-01T00:03:00.500Z', 'resolved'),
    note('2100-01-01T00:01:00.500Z'),
    note('2100-01-01T00:02:00.500Z', 'resolved'),
  ];
  let asked = 0;
  await using inbox = await serve(
    jsonRoutes({ '/notifications': () => ({ next: 1, notifications: asked++ === 0 ? kept : [] }) }),
  );
  const observations: Observations = { transitions: [], notifications: [], gaps: [] };
  const stop = new AbortController();
  await observe(
    {
      prometheus: new Prometheus(prometheus.url),
      alertmanager: new Alertmanager(alertmanager.url),
      inbox: new Inbox(inbox.url),
    },
    { everyMs: 20, clock: systemClock, signal: stop.signal },
    observations,
    () => {
      if (++poll === polls) stop.abort();
    },
  );
  return observations;
}

test('each change is told once, by the witness that showed it', async () => {
  const { transitions, notifications } = await watch(
    {
      prometheus: (poll) => [[], [alert('pending')], [alert('firing')], [alert('firing')]][poll] ?? [],
      alertmanager: (poll) => (poll < 2 ? [] : [managed('active')]),
    },
    6,
  );
  assert.deepEqual(
    transitions.map(({ witness, state }) => `${witness} ${state}`),
    ['prometheus pending', 'prometheus firing', 'alertmanager active', 'prometheus gone'],
  );
  // Of what had come before, the last of each alert.
  assert.deepEqual(
    notifications.map(({ receivedAt, status }) => `${receivedAt.slice(0, 16)} ${status}`),
    [
      '2026-01-01T00:02 resolved',
      '2026-01-01T00:03 resolved',
      '2100-01-01T00:01 firing',
      '2100-01-01T00:02 resolved',
    ],
  );
});

test('a silenced alert is told from an active one, with what silences it', async () => {
  const { transitions } = await watch(
    { prometheus: () => [alert('firing')], alertmanager: () => [managed('suppressed', ['silence-1'])] },
    3,
  );
  const held = transitions.find(({ witness }) => witness === 'alertmanager');
  assert.equal(held?.state, 'suppressed');
  assert.deepEqual(held?.suppressedBy, ['silence-1']);
});

test('a witness that does not answer leaves a gap, and the others go on', async () => {
  const { gaps, transitions } = await watch(
    {
      prometheus: () => [alert('firing')],
      alertmanager: () => ({ not: 'a list' }) as never,
    },
    8,
  );
  assert.equal(gaps.length, 1);
  assert.equal(gaps[0]?.witness, 'alertmanager');
  assert.ok(gaps[0].to - gaps[0].from >= 80, JSON.stringify(gaps));
  assert.deepEqual(
    transitions.map(({ state }) => state),
    ['firing'],
  );
});
