import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fate, type Mutant, mutantsOf } from '../../../src/replay/mutants.ts';
import { mutationReport } from '../../../src/replay/mutation-score.ts';
import type { Outcome, Verdict } from '../../../src/verdict/verdict.ts';

const alert = (name: string, expr: string, forMs = 0) => ({
  name,
  expr,
  forMs,
  keepFiringForMs: 0,
  labels: {},
  annotations: {},
  group: 'g',
  intervalMs: 1000,
});
const verdict = (is: Verdict['verdict'], outcomes: Outcome[], unexpected: string[] = []) =>
  ({
    verdict: is,
    expectations: outcomes.map((outcome) => ({ outcome })),
    unexpected: unexpected.map((name) => ({ alert: name, labels: {}, firedAt: '' })),
  }) as unknown as Verdict;

test('a mutant is noticed by a verdict, an outcome or an unexpected alert, and not by their times', () => {
  const was = verdict('pass', ['on-time', 'on-time'], ['A']);
  assert.equal(fate(was, verdict('pass', ['on-time', 'on-time'], ['A', 'A'])), 'unnoticed');
  assert.equal(fate(was, verdict('fail', ['on-time', 'on-time'], ['A'])), 'noticed');
  assert.equal(fate(was, verdict('pass', ['on-time', 'late'], ['A'])), 'noticed');
  assert.equal(fate(was, verdict('pass', ['on-time', 'on-time'], ['A', 'B'])), 'noticed');
  assert.equal(fate(was, verdict('pass', ['on-time', 'on-time'])), 'noticed');
});

test('what only became inconclusive is not noticed: no data is no miss', () => {
  const was = verdict('pass', ['on-time', 'on-time']);
  assert.equal(fate(was, verdict('inconclusive', ['on-time', 'inconclusive'])), 'unknown');
  assert.equal(fate(was, verdict('inconclusive', ['missed', 'inconclusive'])), 'noticed');
  assert.equal(fate(was, verdict('inconclusive', ['on-time', 'inconclusive'], ['A'])), 'noticed');
});

test('a mutant is the rules with one rule changed in one place', () => {
  const rules = {
    alerts: [alert('A', 'r:x > 1', 2000), alert('B', 'y == 0')],
    recordings: [{ record: 'r:x', expr: 'rate(x[10s])', labels: {}, group: 'g' }],
  };
  const mutants = mutantsOf(rules, 1);
  assert.equal(mutants.length, 5 + 3 + 2);
  for (const { original, rules: mutated } of mutants) {
    const before = [...rules.alerts, ...rules.recordings];
    const after = [...mutated.alerts, ...mutated.recordings];
    assert.deepEqual(
      before.filter((one, i) => one !== after[i]),
      [original],
    );
  }
  assert.deepEqual(rules.alerts[0], alert('A', 'r:x > 1', 2000));
});

test('the same change twice in one rule is two mutants, and the same in another run is the same one', () => {
  const keys = (expr: string, speed: number) =>
    mutantsOf({ alerts: [alert('A', expr)], recordings: [] }, speed).map(({ key }) => key);
  const slow = keys('rate(x[5m]) / rate(y[5m]) > 1', 1);
  assert.equal(new Set(slow).size, slow.length);
  assert.deepEqual(keys('rate(x[30s]) / rate(y[30s]) > 1', 10), slow);
});

test('killed by any run is killed, refused by all does not count, and the score is killed over all', () => {
  const mutants = mutantsOf({ alerts: [alert('A', 'x > 1', 1000)], recordings: [] }, 1);
  const run = (scenario: string, ...fates: string[]) => ({
    scenario,
    fates: mutants.map((mutant, i) => ({ mutant, fate: fates[i] })) as { mutant: Mutant; fate: never }[],
  });
  const report = mutationReport(
    [
      run('one', 'noticed', 'unnoticed', 'unknown', 'refused', 'refused'),
      run('two', 'unnoticed', 'unnoticed', 'unnoticed', 'refused', 'noticed'),
    ],
    ['said'],
  );
  const [rule] = report.rules;
  assert.deepEqual(
    rule?.mutants.map((one) => [one.fate, ...one.killedBy]),
    [['killed', 'one'], ['survived'], ['unknown'], ['refused'], ['killed', 'two']],
  );
  assert.deepEqual([report.killed, report.all, report.score], [2, 4, 0.5]);
  assert.deepEqual([rule?.killed, rule?.all, rule?.score], [2, 4, 0.5]);
  assert.deepEqual(mutationReport([], []).score, null);
});
