import assert from 'node:assert/strict';
import { test } from 'node:test';
import { evidenceOf, toRecord } from '../../../src/report/record.ts';
import type { Evidence } from '../../../src/run/record.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { NOTHING } from '../../support/evidence.ts';

const evidence: Evidence = {
  schemaVersion: 2,
  scenario: 'x',
  title: '',
  lab: 'x',
  speed: 1,
  startedAt: '1970-01-01T00:00:00.000Z',
  zeroAt: '1970-01-01T00:00:01.000Z',
  endedAt: '1970-01-01T00:10:00.000Z',
  status: 'completed',
  statusReason: null,
  pass: 70,
  expect: [],
  tolerate: [],
  cadence: { scrapeMs: 15_000, scrapeTimeoutMs: 10_000, evaluationMs: 15_000 },
  rules: { alerts: [], recordings: [] },
  steps: [
    { id: 'a', kind: 'fault', requestedAt: 1000, startedAt: 1100, fullAt: null, goneAt: null, error: 'x' },
  ],
  faults: [],
  load: [],
  history: [
    { alert: 'A', labels: { at: '5', from: '7' }, activeAt: 2000, firedAt: 62_000, resolvedAt: undefined },
  ],
  held: [null, [{ from: 1500, to: 2000 }]],
  absent: [null, []],
  observations: {
    transitions: [
      {
        at: 2500,
        witness: 'alertmanager',
        alert: 'A',
        labels: {},
        state: 'active',
        startsAt: '1970-01-01T00:01:02.000Z',
      },
    ],
    notifications: [
      {
        labels: {},
        status: 'firing',
        receivedAt: '1970-01-01T00:01:03.000Z',
        startsAt: '1970-01-01T00:01:02.000Z',
      },
    ],
    gaps: [{ witness: 'inbox', from: 1, to: 2, reason: '' }],
  },
  restarted: [],
  surroundings: { before: NOTHING, after: NOTHING },
  inbox: true,
  versions: { chaos: '', node: '', prometheus: '', alertmanager: '' },
};

test('every time in a record is ISO 8601 with milliseconds', () => {
  const record = toRecord(evidence, judge(evidence));
  assert.equal(record.steps[0]?.startedAt, '1970-01-01T00:00:01.100Z');
  assert.equal(record.history?.[0]?.firedAt, '1970-01-01T00:01:02.000Z');
  assert.equal(record.held[1]?.[0]?.from, '1970-01-01T00:00:01.500Z');
  assert.equal(record.observations.gaps[0]?.from, '1970-01-01T00:00:00.001Z');
  assert.doesNotMatch(JSON.stringify(record), /"(\w+At|at)":\d/);
});

test('the evidence of a record is the evidence, after a way through JSON', () => {
  const record = JSON.parse(JSON.stringify(toRecord(evidence, judge(evidence))));
  const {
    verdict: _,
    because: __,
    score: ___,
    scoreParts: ____,
    expectations: _____,
    unexpected: ______,
    forged: _______,
    newSilences: ________,
    ...back
  } = evidenceOf(record) as unknown as Record<string, unknown>;
  assert.deepEqual(back, JSON.parse(JSON.stringify(evidence)));
});
