import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseAlertmanagerConfig } from '../../../src/rules/alertmanager-config.ts';
import type { Evidence } from '../../../src/run/record.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { evidence, NOTHING, stay } from '../../support/evidence.ts';

const CONFIG = `
route: { receiver: inbox, group_by: [alertname], group_wait: 1s, group_interval: 30s }
receivers: [{ name: inbox, webhook_configs: [{ url: http://inbox }] }, { name: nobody }]
`;

/** A run on a stack with an inbox, in which InstanceDown fired at 107 s and was gone at 120 s. */
function routed(config: string, notifications: Evidence['observations']['notifications']): Evidence {
  const { config: read, problems } = parseAlertmanagerConfig(config, 'alertmanager.yml');
  assert.deepEqual(problems, []);
  const one = evidence([stay(107_000)], {
    inbox: true,
    surroundings: {
      before: NOTHING,
      after: { ...NOTHING, routing: { route: read!.route, reaching: [...read!.reaching] } },
    },
  });
  one.observations.notifications = notifications;
  return one;
}
const LABELS = { alertname: 'InstanceDown', job: 'api', instance: 'api:5000' };
const notice = (atMs: number, status: 'firing' | 'resolved', labels: Record<string, string> = LABELS) => ({
  labels,
  status,
  receivedAt: new Date(atMs).toISOString(),
  startsAt: new Date(107_000).toISOString(),
});
const first = (one: Evidence) => judge(one).expectations[0]!;

test('an alert whose notification arrived is on time', () => {
  const { outcome, notifiedAt } = first(routed(CONFIG, [notice(108_200, 'firing')]));
  assert.deepEqual([outcome, notifiedAt], ['on-time', '1970-01-01T00:01:48.200Z']);
});

test('a receiver that notifies nobody is a miss, by its name', () => {
  const { outcome, reasons } = first(routed(CONFIG.replace('receiver: inbox', 'receiver: nobody'), []));
  assert.equal(outcome, 'missed');
  assert.match(reasons[0]!, /the receiver nobody notifies nobody/);
  assert.equal(judge(routed(CONFIG.replace('receiver: inbox', 'receiver: nobody'), [])).verdict, 'fail');
});

test('a notification that was due and did not come is a miss', () => {
  const { outcome, reasons } = first(routed(CONFIG, []));
  assert.deepEqual(
    [outcome, reasons],
    ['missed', ['It fired and Alertmanager had it, but no notification arrived.']],
  );
});

test('one that the group held back until the alert was gone proves nothing', () => {
  const other = notice(100_000, 'firing', { alertname: 'InstanceDown', job: 'node' });
  const { outcome, reasons } = first(routed(CONFIG, [other]));
  assert.equal(outcome, 'inconclusive');
  assert.match(reasons[0]!, /swallowed by group_interval \(30s\)/);
  const apart = CONFIG.replace('[alertname]', "['...']");
  assert.equal(first(routed(apart, [other])).outcome, 'missed', 'of another group');
  const long = first(routed(CONFIG.replace('group_wait: 1s', 'group_wait: 20s'), []));
  assert.match(long.reasons[0]!, /swallowed by group_wait \(20s\)/);
});

test('an alert that Alertmanager still held for notified proves nothing', () => {
  const { outcome, reasons } = first(routed(CONFIG, [notice(60_000, 'firing')]));
  assert.equal(outcome, 'inconclusive');
  assert.match(reasons[0]!, /took it for the one it had notified at 1970-01-01T00:01:00/);
});

test('without routing, inbox, or its answers, nothing is said of notifications', () => {
  const unknown = routed(CONFIG, []);
  unknown.surroundings.after.routing = null;
  assert.equal(first(unknown).outcome, 'on-time');
  assert.equal(first({ ...routed(CONFIG, []), inbox: false }).outcome, 'on-time');
  const deaf = routed(CONFIG, []);
  deaf.observations.gaps.push({ witness: 'inbox', from: 1, to: 2, reason: '' });
  assert.equal(first(deaf).outcome, 'on-time');
});
