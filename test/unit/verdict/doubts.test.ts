import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Evidence } from '../../../src/run/record.ts';
import type { Surroundings } from '../../../src/run/surroundings.ts';
import { judge } from '../../../src/verdict/judge.ts';
import { evidence, NOTHING, stay } from '../../support/evidence.ts';

const first = (one: Evidence) => judge(one).expectations[0]!;
const changed = (before: Partial<Surroundings>, after: Partial<Surroundings>) =>
  evidence([], { surroundings: { before: { ...NOTHING, ...before }, after: { ...NOTHING, ...after } } });
const target = (job: string) => ({ job, instance: `${job}:1`, at: 1, everyMs: 1 });

test('what changed around a run makes an absence doubtful, with the change', () => {
  const cases: [Evidence, RegExp][] = [
    [changed({ rulesHash: 'a' }, { rulesHash: 'b' }), /rules .* were changed/],
    [
      changed(
        { phases: { targets: [target('api'), target('db')], groups: [] } },
        { phases: { targets: [target('db')], groups: [] } },
      ),
      /target api api:1 is not scraped any more/,
    ],
    [changed({}, { skewMs: { prometheus: 5000, alertmanager: 0 } }), /clock of Prometheus is 5s ahead/],
    [changed({ skewMs: { prometheus: 0, alertmanager: -2000 } }, {}), /clock of Alertmanager is 2s behind/],
  ];
  for (const [one, reason] of cases) {
    const { outcome, reasons } = first(one);
    assert.equal(outcome, 'inconclusive', String(reason));
    assert.match(reasons.join(' '), reason);
    assert.equal(judge(one).verdict, 'inconclusive');
  }
  assert.equal(first(changed({}, { skewMs: { prometheus: 999, alertmanager: -999 } })).outcome, 'missed');
});

test('a rule that reads what Prometheus has no sample of is never a miss', () => {
  const { outcome, reasons } = first(evidence([], { absent: [['up{job="api"}']], held: [[]] }));
  assert.equal(outcome, 'inconclusive');
  assert.match(reasons[0]!, /reads up\{job="api"\}, and Prometheus has no sample of that/);
  assert.equal(first(evidence([stay(107_000)], { absent: [['x']] })).outcome, 'on-time');
});

test('a miss says how far the condition got', () => {
  const reason = (over: Partial<Evidence>) => first(evidence([], over)).reasons[0]!;
  assert.match(reason({ held: [[]] }), /never held/);
  assert.match(
    reason({ held: [[{ from: 101_000, to: 103_000 }]] }),
    /held for 2s at most, and its for: is 6s/,
  );
  const other = evidence([{ ...stay(107_000), labels: { job: 'nginx' } }]);
  assert.match(first(other).reasons[0]!, /fired with other labels: InstanceDown\{job="nginx"\}/);
});

test('an alert from before the first step is no evidence', () => {
  const { outcome, reasons } = first(evidence([stay(98_000)]));
  assert.deepEqual([outcome, reasons], ['inconclusive', ['It was firing before the first step.']]);
});

test('a silence and an inhibition are told apart, and new silences are listed', () => {
  const held = (silenced: boolean) => {
    const one = evidence([stay(107_000)]);
    Object.assign(one.observations.transitions[0]!, { state: 'suppressed', suppressedBy: ['x1'], silenced });
    return first(one);
  };
  assert.match(held(true).reasons[0]!, /silenced in Alertmanager, by x1/);
  assert.match(held(false).reasons[0]!, /inhibited in Alertmanager, by the alert x1/);
  const silence = (id: string) => ({
    id,
    matchers: [],
    startsAt: '',
    endsAt: '',
    createdBy: 'me',
    comment: '',
    status: { state: 'active' as const },
  });
  const one = changed({ silences: [silence('old')] }, { silences: [silence('old'), silence('new')] });
  assert.deepEqual(
    judge(one).newSilences.map(({ id }) => id),
    ['new'],
  );
});
