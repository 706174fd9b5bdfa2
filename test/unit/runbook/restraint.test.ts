import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MOST_ACTS, Restraint, type Stay } from '../../../src/runbook/restraint.ts';
import type { DeclaredStep } from '../../../src/runbook/step.ts';
import { STEPS } from '../../../src/runbook/steps/index.ts';

const SPEED = 10;
const MINUTE = 60_000 / SPEED;
const step = (type: string, target: string): DeclaredStep => ({
  step: STEPS.find((one) => one.type === type)!,
  target,
  value: target,
});
const START = step('container-start', 'api');
const RESTART = step('container-restart', 'api');
const RELOAD = step('nginx-reload', 'nginx');
const stay = (alertname: string, activeAt = 0): Stay => ({ labels: { alertname, job: 'api' }, activeAt });

/** Follows a runbook as the responder does: what may be done is done. */
function follow(restraint: Restraint, alert: Stay, steps: DeclaredStep[], now: number) {
  const may = restraint.may(alert, steps, now);
  if (may.do !== 'act') return may.do;
  restraint.dealtWith(alert);
  restraint.acted(alert, now);
  for (const one of may.steps) restraint.took(one, 'X', now);
  return may.steps.map(({ step: { type } }) => type);
}

test('nothing is done twice for one stay of an alert, however often it is notified', () => {
  const restraint = new Restraint(SPEED);
  assert.deepEqual(follow(restraint, stay('A'), [START], 0), ['container-start']);
  for (const now of [0, MINUTE, 100 * MINUTE])
    assert.equal(follow(restraint, stay('A'), [START], now), 'never');
});

test('what two runbooks want alike is done once, and what only one wants after it had time to show', () => {
  const restraint = new Restraint(SPEED);
  follow(restraint, stay('InstanceDown'), [START, RESTART], 0);
  const probe = stay('ProbeFailed');
  assert.equal(follow(restraint, probe, [START, RELOAD], MINUTE - 1), 'wait');
  assert.deepEqual(follow(restraint, probe, [START, RELOAD], MINUTE), ['nginx-reload']);
  assert.equal(follow(restraint, stay('Other'), [START], 2 * MINUTE), 'wait');
});

test('an alert that comes back is left for five minutes of lab time', () => {
  const restraint = new Restraint(SPEED);
  follow(restraint, stay('A'), [START], 0);
  assert.equal(follow(restraint, stay('A', 1), [START], 5 * MINUTE - 1), 'wait');
  assert.deepEqual(follow(restraint, stay('A', 1), [START], 5 * MINUTE), ['container-start']);
});

test('one that comes back again and again is left to a person', () => {
  const restraint = new Restraint(SPEED);
  const outcomes = Array.from({ length: 6 }, (_, i) =>
    follow(restraint, stay('A', i), [START], i * 6 * MINUTE),
  );
  const act = ['container-start'];
  assert.deepEqual(outcomes, [...Array(MOST_ACTS).fill(act), 'never', 'never', 'never']);
  assert.deepEqual(follow(restraint, stay('A', 99), [START], 80 * MINUTE), act);
});

test('two alerts that have nothing in common do not wait for each other', () => {
  const restraint = new Restraint(SPEED);
  follow(restraint, stay('A'), [START], 0);
  assert.deepEqual(follow(restraint, stay('B'), [step('container-start', 'redis')], 1), ['container-start']);
});
