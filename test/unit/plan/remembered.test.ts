import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tolerations } from '../../../src/plan/remembered.ts';
import { ruleOf } from '../../support/rule.ts';

const recordings = [{ record: 'sli:6h', expr: 'sum(rate(bad[6h])) / sum(rate(all[6h]))', group: 'g' }];
const alerts = [
  ruleOf({ name: 'Down', expr: 'up == 0' }),
  ruleOf({ name: 'Errors', expr: 'rate(bad[5m]) > 1' }),
  ruleOf({ name: 'Ticket', expr: 'sli:6h > 0.005' }),
];
const expecting = (alert: string) => ({
  alert,
  labels: {},
  because: 'x',
  weight: 1,
  resolves: true,
  at: [0],
});
const none = { tolerate: [], expect: [] };

test('an alert that remembers longer than a baseline waits is not held against a run', () => {
  assert.deepEqual(tolerations(none, { alerts, recordings }, 1), [{ alert: 'Ticket', labels: {} }]);
});

test('one that the scenario expects is: it must be quiet first, and then fire', () => {
  const scenario = { tolerate: [], expect: [expecting('Ticket')] } as never;
  assert.deepEqual(tolerations(scenario, { alerts, recordings }, 1), []);
});

test('what the scenario tolerates stays tolerated', () => {
  const tolerate = [{ alert: 'Down', labels: { job: 'postgres' } }];
  assert.deepEqual(tolerations({ ...none, tolerate }, { alerts, recordings }, 1)[0], tolerate[0]);
});

test('at speed 10 a window of two minutes is twenty of lab time', () => {
  const fast = [ruleOf({ name: 'Errors', expr: 'rate(bad[2m]) > 1' })];
  assert.equal(tolerations(none, { alerts: fast, recordings }, 10).length, 1);
  assert.equal(tolerations(none, { alerts: fast, recordings }, 1).length, 0);
});
