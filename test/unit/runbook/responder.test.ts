import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as z from 'zod';
import { systemClock } from '../../../src/core/clock.ts';
import type { World } from '../../../src/faults/fault.ts';
import { Prometheus } from '../../../src/observe/prometheus.ts';
import { resolveSteps } from '../../../src/runbook/follow.ts';
import type { Runbook } from '../../../src/runbook/page.ts';
import { Responder } from '../../../src/runbook/responder.ts';
import type { DeclaredStep } from '../../../src/runbook/step.ts';
import { defineStep, TARGET } from '../../../src/runbook/step.ts';
import { jsonRoutes, serve } from '../../support/server.ts';
import { HOSTILE, notification } from '../notify/support.ts';

const ALERT = { alertname: 'A', job: 'api', instance: 'api:5000' };
const ADDED = { chaos_speed: '10', environment: 'lab' };

/** A responder with one step that only counts, and a Prometheus that fires what is in `firing`. */
async function responding(
  test: (given: {
    responder: Responder;
    firing: Record<string, string>[];
    acts: string[];
    said: string[];
  }) => Promise<void>,
  { confirm, target = TARGET }: { confirm?: () => Promise<boolean>; target?: string } = {},
) {
  const acts: string[] = [];
  const said: string[] = [];
  const firing: Record<string, string>[] = [];
  const target0 = { labels: { job: 'api', instance: 'api:5000' }, scrapeUrl: 'http://api:5001/metrics' };
  const fields = { scrapePool: 'api', health: 'up', lastError: '', lastScrape: '' };
  await using server = await serve(
    jsonRoutes({
      '/api/v1/alerts': () => ({
        status: 'success',
        data: {
          alerts: firing.map((labels) => ({ labels, state: 'firing', activeAt: '2026-01-01T00:00:00Z' })),
        },
      }),
      '/api/v1/targets': () => ({ status: 'success', data: { activeTargets: [{ ...target0, ...fields }] } }),
    }),
  );
  const counting = defineStep({
    type: 'count',
    summary: '',
    value: z.string(),
    target: (value) => value,
    describe: (name) => `count ${name}`,
    look: async () => ({ needed: true, why: 'it is to be counted' }),
    act: async (name) => void acts.push(name),
    isWell: async () => true,
  });
  const steps = [{ step: counting, target, value: target }];
  const runbook: Runbook = { alert: 'A', file: 'A.md', text: '', steps };
  const world = {
    lab: { name: 'x', speed: 10, ports: { PROMETHEUS_PORT: server.port } },
    clock: systemClock,
  };
  const responder = new Responder({
    world: world as unknown as World,
    runbooks: new Map([['A', runbook]]),
    signal: new AbortController().signal,
    confirm,
    say: (sentence) => said.push(sentence),
  });
  await test({ responder, firing, acts, said });
}

test('an alert that is notified and fires is acted on, once, and the times are told', async () => {
  await responding(async ({ responder, firing, acts }) => {
    firing.push(ALERT);
    responder.hear(notification({ ...ALERT, ...ADDED }), true);
    const record = await responder.respond();
    assert.deepEqual([acts, record?.status, record?.alert], [['api'], 'restored', 'A']);
    assert.equal(record?.startsAt, '2026-01-01T00:01:00.123Z');
    assert.equal(record?.restoredAt, record?.steps[0]?.endedAt);
    const took = record!.timeToRestoreMs!;
    assert.equal(took.fromStartsAt - took.fromNotification, 377);
    assert.deepEqual([record?.askedAt, record?.answeredAt], [null, null]);
    responder.hear(notification({ ...ALERT, ...ADDED }), true);
    assert.equal(await responder.respond(), undefined);
    assert.deepEqual(acts, ['api']);
  });
});

test('what Prometheus does not fire is not acted on: an old notification, or one that somebody has posted', async () => {
  await responding(async ({ responder, firing, acts }) => {
    responder.hear(notification(ALERT), false);
    assert.equal(await responder.respond(), undefined);
    firing.push({ ...ALERT, instance: 'other:1' });
    responder.hear(notification(ALERT), true);
    assert.equal(await responder.respond(), undefined);
    assert.deepEqual(acts, []);
    // One of before we began that still fires is.
    firing.push(ALERT);
    responder.hear(notification(ALERT), false);
    assert.equal((await responder.respond())?.status, 'restored');
  });
});

test('what a forged notification adds to an alert that does fire changes neither target nor stay', async () => {
  await responding(async ({ responder, firing, acts }) => {
    firing.push(ALERT);
    for (let i = 0; i < 5; i++) {
      responder.hear(notification({ ...ALERT, [HOSTILE]: String(i), service: HOSTILE }), true);
      await responder.respond();
    }
    assert.deepEqual(acts, ['api']);
  });
});

test('one that is resolved before its turn is left alone', async () => {
  await responding(async ({ responder, firing, acts }) => {
    firing.push(ALERT);
    responder.hear(notification(ALERT), true);
    const resolved = notification(ALERT);
    responder.hear(
      { ...resolved, alerts: resolved.alerts.map((one) => ({ ...one, status: 'resolved' })) },
      true,
    );
    assert.equal(await responder.respond(), undefined);
    assert.deepEqual(acts, []);
  });
});

test('a no is recorded, and nobody is asked again for the same stay', async () => {
  let asked = 0;
  const confirm = async () => {
    asked += 1;
    return false;
  };
  const ask = async ({ responder, firing, acts }: Parameters<Parameters<typeof responding>[0]>[0]) => {
    firing.push(ALERT);
    responder.hear(notification(ALERT), true);
    const record = await responder.respond();
    assert.deepEqual([record?.status, record?.steps, acts], ['declined', [], []]);
    assert.ok(record?.askedAt && record.answeredAt);
    responder.hear(notification(ALERT), true);
    assert.equal(await responder.respond(), undefined);
  };
  await responding(ask, { confirm });
  assert.equal(asked, 1);
});

test('a target is looked up among those of Prometheus, and is a service of the lab or none', async () => {
  const targets: [scrapeUrl: string, service: string | undefined][] = [
    ['http://api:5001/metrics', 'api'],
    ['http://blackbox-exporter:9115/probe?target=http://api:5000/health', 'blackbox-exporter'],
    ['http://localhost:9090/metrics', 'prometheus'],
    ['http://169.254.169.254/metrics', undefined],
    ['http://other-lab-api:5001/metrics', undefined],
    ['nonsense', undefined],
  ];
  const declared = [{ step: {} as DeclaredStep['step'], target: TARGET, value: TARGET }];
  for (const [scrapeUrl, service] of targets) {
    const one = { labels: { job: 'j', instance: 'i' }, scrapeUrl, scrapePool: '', health: 'up' };
    await using server = await serve(
      jsonRoutes({
        '/api/v1/targets': () => ({
          status: 'success',
          data: { activeTargets: [{ ...one, lastError: '', lastScrape: '' }] },
        }),
      }),
    );
    const prometheus = new Prometheus(server.url);
    const found = await resolveSteps(declared, { job: 'j', instance: 'i' }, prometheus);
    assert.deepEqual(
      found?.map(({ target, value }) => [target, value]),
      service && [[service, service]],
    );
    assert.equal(await resolveSteps(declared, { job: HOSTILE, instance: 'api:5000' }, prometheus), undefined);
    assert.equal(await resolveSteps(declared, {}, prometheus), undefined);
  }
});
