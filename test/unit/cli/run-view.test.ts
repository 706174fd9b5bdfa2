import assert from 'node:assert/strict';
import { test } from 'node:test';
import { advance, emptyView, type RunView } from '../../../src/cli/run-view.ts';
import type { RunEvent } from '../../../src/core/events.ts';

const alerts = (at: number, ...states: ['pending' | 'firing', string][]): RunEvent => ({
  type: 'alerts',
  at,
  alerts: states.map(([state, job]) => ({ labels: { alertname: 'InstanceDown', job }, state, activeAt: 0 })),
});
const after = (...events: RunEvent[]): RunView =>
  events.reduce(advance, emptyView([{ alert: 'InstanceDown', labels: { job: 'api' } }], 0));

test('an expected alert goes from waiting to pending, firing and gone', () => {
  const states = [alerts(1), alerts(2, ['pending', 'api']), alerts(3, ['firing', 'api']), alerts(4)];
  assert.deepEqual(
    states.map((_, i) => after(...states.slice(0, i + 1)).alerts[0]?.state),
    ['waiting', 'pending', 'firing', 'gone'],
  );
  assert.equal(after(...states).alerts[0]?.firedAt, 3);
});

test('an alert with other labels is shown among the others', () => {
  const view = after(alerts(1, ['firing', 'nginx']));
  assert.equal(view.alerts[0]?.state, 'waiting');
  assert.equal(view.others.length, 1);
});

test('a step is shown once, with its newest state', () => {
  const step = (state: 'requested' | 'effective'): RunEvent => ({
    type: 'step',
    at: 1,
    id: 'outage',
    state,
    detail: 'stop api',
  });
  assert.deepEqual(
    after(step('requested'), step('effective')).steps.map(({ state }) => state),
    ['effective'],
  );
});

test('a note belongs to its phase', () => {
  const note: RunEvent = { type: 'note', at: 1, text: 'waiting for quiet' };
  assert.equal(after(note).note, 'waiting for quiet');
  assert.equal(after(note, { type: 'phase', at: 2, phase: 'timeline' }).note, undefined);
});

test('events leave the view before them as it was', () => {
  const before = emptyView([{ alert: 'InstanceDown', labels: {} }], 0);
  advance(before, alerts(1, ['firing', 'api']));
  assert.equal(before.alerts[0]?.state, 'waiting');
});

test('what fired before the first step is no firing of the run', () => {
  const timeline: RunEvent = { type: 'phase', at: 3, phase: 'timeline' };
  const view = after(alerts(1, ['firing', 'api']), alerts(2), timeline, alerts(4, ['pending', 'api']));
  assert.deepEqual([view.alerts[0]?.state, view.alerts[0]?.firedAt], ['pending', undefined]);
});
