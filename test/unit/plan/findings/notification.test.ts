import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { readAlertmanagerConfig } from '../../../../src/rules/alertmanager-config.ts';
import { type Small, small } from '../../../support/plan.ts';

const RECEIVERS = 'receivers: [{ name: chat, webhook_configs: [{ url: http://x }] }, { name: nobody }]';

function alertmanager(text: string) {
  const file = join(mkdtempSync(join(tmpdir(), 'chaos-')), 'alertmanager.yml');
  writeFileSync(file, `${RECEIVERS}\n${text}\n`);
  const { config, problems } = readAlertmanagerConfig(file);
  assert.deepEqual(problems, []);
  return config!;
}

const ALERTS: NonNullable<Small['alerts']> = {
  Down: ['up == 0', '1m', { severity: 'critical' }],
  Slow: ['sum by (endpoint) (rate(lat[5m])) > 1', '1m', { severity: 'warning' }],
  Errors: ['sum(rate(errors[5m])) > 1', '1m', { severity: 'warning', team: 'shop' }],
};

/** `kind alert` of what is found about notifications where an API that is scraped stops for nine minutes. */
function found(config: string, expect: string, over: Partial<Small> = {}): string[] {
  return small({
    alerts: ALERTS,
    steps: '{ id: s, fault: { type: container-stop, target: api, for: 9m } }',
    expect,
    world: { alertmanager: alertmanager(config) },
    ...over,
  })
    .filter(({ kind }) => kind === 'inhibited' || kind === 'routed-nowhere')
    .map(({ kind, alert }) => `${kind} ${alert}`);
}

const BOTH = '{ alert: Down }, { alert: Errors }';
const inhibit = (rule: string) => `route: { receiver: chat }\ninhibit_rules: [{ ${rule} }]`;
const CRITICAL = `source_matchers: ['severity="critical"'], target_matchers: ['severity="warning"']`;

test('inhibited: held back by a sibling of the same step', () => {
  assert.deepEqual(found(inhibit(CRITICAL), BOTH), ['inhibited Errors']);
  const old = 'source_match: { severity: critical }, target_match_re: { severity: "warn.*" }';
  assert.deepEqual(found(inhibit(old), BOTH), ['inhibited Errors']);
  assert.deepEqual(found(inhibit(CRITICAL), '{ alert: Errors }'), []);
});

test('inhibited: names that must be equal are compared as far as they are known', () => {
  const equal = (names: string) => inhibit(`${CRITICAL}, equal: [${names}]`);
  // Errors has no instance for sure; whether Down has the same none, nobody knows.
  assert.deepEqual(found(equal('instance'), BOTH), []);
  assert.deepEqual(found(equal('alertname'), BOTH), []);
  const named = '{ alert: Down, labels: { endpoint: /a } }, { alert: Slow, labels: { endpoint: /a } }';
  assert.deepEqual(found(equal('endpoint'), named), ['inhibited Slow']);
  assert.deepEqual(found(equal('endpoint'), named.replace('/a', '/b')), []);
});

test('inhibited: a label that both lack is the same, as to Alertmanager', () => {
  const rule = `source_matchers: [alertname=Slow], target_matchers: [alertname=Errors], equal: [instance]`;
  assert.deepEqual(found(inhibit(rule), '{ alert: Slow }, { alert: Errors }'), ['inhibited Errors']);
});

test('inhibited: nothing where both are on both sides, or never fire together', () => {
  const all = `source_matchers: ['severity=~".+"'], target_matchers: ['severity=~".+"']`;
  assert.deepEqual(found(inhibit(all), BOTH), []);
  const alerts: typeof ALERTS = {
    ...ALERTS,
    Errors: ['sum(rate(errors[5m])) > 1', '20m', { severity: 'warning' }],
  };
  assert.deepEqual(found(inhibit(CRITICAL), BOTH, { alerts }), []);
});

test('routed-nowhere: the receiver of its route has no integration', () => {
  assert.deepEqual(found('route: { receiver: nobody }', '{ alert: Down }'), ['routed-nowhere Down']);
  assert.deepEqual(found('route: { receiver: chat }', '{ alert: Down }'), []);
  const child = (more: string) => `route: { receiver: chat, routes: [{ receiver: nobody, ${more} }] }`;
  assert.deepEqual(found(child('matchers: [team = "shop"]'), BOTH), ['routed-nowhere Errors']);
  assert.deepEqual(found(child('match: { severity: critical }'), BOTH), ['routed-nowhere Down']);
  assert.deepEqual(found(child('match_re: { severity: "crit" }'), BOTH), []);
});

test('routed-nowhere: nested routes inherit their receiver, and continue goes on', () => {
  const nested = `route: { receiver: chat, routes: [
    { receiver: nobody, matchers: [severity="warning"], routes: [{ matchers: [team="shop"] }] } ] }`;
  assert.deepEqual(found(nested, BOTH), ['routed-nowhere Errors']);
  const twice = (more: string) => `route: { receiver: nobody, routes: [
    { receiver: nobody, matchers: [severity="warning"], ${more} }, { receiver: chat, matchers: [team="shop"] } ] }`;
  assert.deepEqual(found(twice(''), '{ alert: Errors }'), ['routed-nowhere Errors']);
  assert.deepEqual(found(twice('continue: true'), '{ alert: Errors }'), []);
});

test('routed-nowhere: nothing where the way hangs on a label that nobody knows yet', () => {
  const by = 'route: { receiver: chat, routes: [{ receiver: nobody, matchers: [zone="a"] }] }';
  assert.deepEqual(found(by, '{ alert: Down }'), []);
  assert.deepEqual(found(by, '{ alert: Down, labels: { zone: a } }'), ['routed-nowhere Down']);
});
