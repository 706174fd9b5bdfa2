import assert from 'node:assert/strict';
import { test } from 'node:test';
import { controlFault } from '../../../src/plan/control.ts';
import { scenarioFrom } from '../../support/plan.ts';

const outage = (labels: string) =>
  scenarioFrom(`
name: x
title: X
timeline:
  - id: outage
    at: 30s
    fault: { type: container-stop, target: api, for: 3m }
expect:
  - alert: InstanceDown
    labels: ${labels}
    because: outage
`);

test('a control without a fault has none; the wrong one is a bystander, for as long as the steps', () => {
  assert.equal(controlFault(outage('{ job: api }'), 'no-fault'), undefined);
  const { type, fields, atMs, forMs } = controlFault(outage('{ job: api }'), 'wrong-fault')!;
  assert.deepEqual(
    [type, fields, atMs, forMs],
    ['container-stop', { target: 'node-exporter' }, 30_000, 180_000],
  );
});

test('a bystander whose loss is expected is not the wrong one', () => {
  assert.deepEqual(controlFault(outage('{ job: node }'), 'wrong-fault')!.fields, {
    target: 'nginx-exporter',
  });
  assert.throws(() => controlFault(outage('{}'), 'wrong-fault'), {
    kind: 'usage',
    message: /InstanceDown of everything/,
  });
});

test('a scenario that expects nothing is a control itself', () => {
  const quiet = scenarioFrom('name: x\ntitle: X\nwatch: 1m\n');
  assert.throws(() => controlFault(quiet, 'no-fault'), { kind: 'usage' });
});
