import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Evidence } from '../../../src/run/record.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { evidence, stay } from '../../support/evidence.ts';

const outcome = (one: Evidence) => judge(one).expectations[0]?.outcome;

test('an alert between its earliest and its deadline is on time, and a full score passes', () => {
  const { verdict, score, expectations } = judge(evidence([stay(107_000)]));
  assert.deepEqual([verdict, score, expectations[0]?.outcome], ['pass', 100, 'on-time']);
  assert.equal(expectations[0]?.effectAt, new Date(100_000).toISOString());
  assert.equal(expectations[0]?.receivedAt, new Date(107_100).toISOString());
});

test('the bounds belong to the window, and a millisecond beyond does not', () => {
  const { earliest, deadline } = judge(evidence([])).expectations[0]!;
  const [first, last] = [Date.parse(earliest!), Date.parse(deadline!)];
  assert.equal(first, 105_500);
  assert.equal(outcome(evidence([stay(first)])), 'on-time');
  assert.equal(outcome(evidence([stay(first - 1)])), 'early');
  assert.equal(outcome(evidence([stay(last)])), 'on-time');
  assert.equal(outcome(evidence([stay(last + 1)])), 'late');
});

test('late costs the timeliness, and nothing else', () => {
  const { score, scoreParts, verdict } = judge(evidence([stay(115_000)]));
  assert.equal(score, 80);
  assert.deepEqual(
    scoreParts.map(({ points }) => points),
    [50, 0, 20, 10],
  );
  assert.equal(verdict, 'pass');
});

test('an alert that never fired is missed, and the run fails whatever the score', () => {
  const { verdict, expectations, score } = judge(evidence([], { pass: 0 }));
  assert.deepEqual([verdict, expectations[0]?.outcome, score], ['fail', 'missed', 20]);
  assert.equal(outcome(evidence([stay(undefined)])), 'missed');
});

test('an alert that stays after its cause is gone is unresolved', () => {
  assert.equal(outcome(evidence([{ ...stay(107_000), resolvedAt: undefined }])), 'unresolved');
  assert.equal(outcome(evidence([stay(107_000, 150_000)])), 'unresolved');
  const kept = evidence([{ ...stay(107_000), resolvedAt: undefined }]);
  kept.expect[0]!.resolves = false;
  assert.equal(outcome(kept), 'on-time');
});

test('an alert with other labels is not the expected one, and is unexpected', () => {
  const { unexpected, expectations } = judge(evidence([{ ...stay(107_000), labels: { job: 'nginx' } }]));
  assert.equal(expectations[0]?.outcome, 'missed');
  assert.equal(unexpected.length, 1);
});

test('what fires unasked costs silence by precision; what is tolerated costs nothing', () => {
  const noisy = [stay(107_000), stay(108_000, 120_000, 'Other')];
  assert.equal(judge(evidence(noisy)).score, 90);
  assert.equal(judge(evidence(noisy, { tolerate: [{ alert: 'Other', labels: {} }] })).score, 100);
});

test('an alert Prometheus fired and Alertmanager never had is missed', () => {
  const unheard = evidence([stay(107_000)]);
  unheard.observations.transitions = [];
  assert.equal(outcome(unheard), 'missed');
});

test('no data is neither a pass nor a miss', () => {
  const blind: Partial<Evidence>[] = [
    { history: null },
    { restarted: ['prometheus'] },
    {
      observations: {
        transitions: [],
        notifications: [],
        gaps: [{ witness: 'prometheus', from: 100_000, to: 120_000, reason: 'x' }],
      },
    },
    {
      steps: [
        {
          id: 'outage',
          kind: 'fault',
          requestedAt: 99_000,
          startedAt: null,
          fullAt: null,
          goneAt: null,
          error: 'no such container',
        },
      ],
    },
  ];
  for (const over of blind) {
    const { verdict, score, expectations } = judge(evidence([], over));
    assert.deepEqual(
      [verdict, score, expectations[0]?.outcome],
      ['inconclusive', null, 'inconclusive'],
      JSON.stringify(over),
    );
    assert.ok(expectations[0]!.reasons.length > 0);
  }
});

test('a silenced alert is inconclusive, with the silence', () => {
  const silenced = evidence([stay(107_000)]);
  silenced.observations.transitions[0]!.state = 'suppressed';
  silenced.observations.transitions[0]!.suppressedBy = ['silence-1'];
  const { expectations } = judge(silenced);
  assert.equal(expectations[0]?.outcome, 'inconclusive');
  assert.match(expectations[0]!.reasons[0]!, /silence-1/);
});

test('a load that was not delivered proves nothing', () => {
  const load = { intended: 100, delivered: 80, name: 'rush' } as Evidence['load'][number];
  assert.equal(judge(evidence([], { load: [load] })).verdict, 'inconclusive');
});

test('an interrupted run has no verdict', () => {
  const { verdict, score } = judge(
    evidence([stay(107_000)], { status: 'interrupted', statusReason: 'SIGINT' }),
  );
  assert.deepEqual([verdict, score], ['inconclusive', null]);
});

test('a run that expects nothing is scored by its silence alone', () => {
  const quiet = { expect: [], held: [], absent: [] };
  assert.equal(judge(evidence([], quiet)).score, 100);
  const { score, verdict } = judge(evidence([stay(107_000)], quiet));
  assert.deepEqual([score, verdict], [0, 'fail']);
});

test('the same evidence gives the same verdict, byte for byte', () => {
  const one = evidence([stay(107_000), stay(108_000, 120_000, 'Other')]);
  assert.equal(JSON.stringify(judge(one)), JSON.stringify(judge(JSON.parse(JSON.stringify(one)))));
});
