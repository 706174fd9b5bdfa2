import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Evidence } from '../../../src/run/record.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { evidence, stay } from '../../support/evidence.ts';

const shown = (labels: Record<string, string>, at: number, startsAt: number) => ({
  at,
  witness: 'alertmanager' as const,
  alert: 'InstanceDown',
  labels,
  state: 'active' as const,
  startsAt: new Date(startsAt).toISOString(),
});
const api = { job: 'api', instance: 'api:5000' };

/** What Alertmanager showed, beside a Prometheus that fired at 107 s. */
function posted(...transitions: Evidence['observations']['transitions']): Evidence {
  const one = evidence([stay(107_000)]);
  one.observations.transitions = transitions;
  return one;
}
const forged = (one: Evidence) => judge(one).forged.map(({ labels }) => labels);

test('an alert of a rule is real, external labels and all', () => {
  assert.deepEqual(forged(posted(shown({ ...api, lab: 'x' }, 107_100, 107_000))), []);
});

test('one that no rule fired, or that began at another time, is forged, once', () => {
  const other = { job: 'db' };
  assert.deepEqual(forged(posted(shown(other, 103_000, 103_000), shown(other, 104_000, 103_000))), [other]);
  assert.deepEqual(forged(posted(shown(api, 101_000, 101_000))), [api]);
});

test('a forged alert scores nothing', () => {
  const { verdict, expectations, forged } = judge({
    ...posted(shown(api, 103_000, 103_000)),
    history: [],
  });
  assert.deepEqual([verdict, expectations[0]?.outcome, forged.length], ['fail', 'missed', 1]);
});

test('what was leaving as the run began is not forged; what stays is', () => {
  const leaving = { ...shown({ job: 'old' }, 90_100, 80_000) };
  const gone = { ...leaving, at: 93_000, state: 'gone' as const };
  assert.deepEqual(forged(posted(leaving, gone)), []);
  assert.deepEqual(forged(posted(leaving)), [{ job: 'old' }]);
});

test('without a history, or under other rules, nothing is called forged', () => {
  const one = posted(shown({ job: 'db' }, 103_000, 103_000));
  assert.deepEqual(forged({ ...one, history: null }), []);
  assert.deepEqual(forged({ ...one, replayed: { rules: '', prometheus: '', limits: [] } }), []);
});
