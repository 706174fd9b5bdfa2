import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crossingOf, firingWindow, resolveWindow } from '../../../src/plan/windows.ts';
import type { AlertRule, RecordingRule } from '../../../src/rules/rule.ts';
import { ruleOf as rule, TENFOLD as tenfold } from '../../support/rule.ts';

const NONE = { ms: 0, source: '' };
const effect = { startedAt: 0, fullAt: 0 };

const resolveDeadline = (...args: Parameters<typeof resolveWindow>) => resolveWindow(...args).deadline;

test('the delays measured on a real Prometheus lie in the computed window', () => {
  // `for: 1m`, seconds from the die event: at 10x 6.4 to 7.3, at 1x 69.0 to 80.1.
  const fast = firingWindow(rule(), effect, tenfold, NONE, []);
  assert.ok(fast.earliest <= 6400 && fast.deadline >= 7300, JSON.stringify(fast));
  const written = { scrapeMs: 15_000, scrapeTimeoutMs: 10_000, evaluationMs: 15_000 };
  const slow = firingWindow(rule({ forMs: 60_000, intervalMs: 15_000 }), effect, written, NONE, []);
  assert.ok(slow.earliest <= 69_000 && slow.deadline >= 80_100, JSON.stringify(slow));
});

test('the deadline is the sum of its terms', () => {
  const { deadline, terms } = firingWindow(rule(), effect, tenfold, { ms: 2000, source: '' }, []);
  assert.equal(
    deadline,
    terms.reduce((sum, { ms }) => sum + ms, 0),
  );
  assert.equal(deadline, 2000 + 1500 + 1000 + 1500 + 6000 + 1500);
});

test('`for` is rounded up to the evaluation interval in the deadline, and not in the earliest', () => {
  const { earliest, deadline } = firingWindow(rule({ forMs: 6100 }), effect, tenfold, NONE, []);
  assert.equal(earliest, 6100);
  assert.equal(deadline, firingWindow(rule({ forMs: 7500 }), effect, tenfold, NONE, []).deadline);
});

test('a load can alert from its first request, and must from its peak', () => {
  const { earliest, deadline } = firingWindow(rule(), { startedAt: 1000, fullAt: 7000 }, tenfold, NONE, []);
  assert.equal(earliest, 7000);
  assert.equal(deadline, 7000 + 11_500);
});

test('the group’s own interval counts, and a recording rule of another group costs one evaluation', () => {
  const slowGroup = firingWindow(rule({ intervalMs: 5000 }), effect, tenfold, NONE, []);
  assert.equal(slowGroup.deadline, 1500 + 1000 + 5000 + 10_000 + 5000);
  const recordings = [{ record: 'r', expr: 'up', group: 'other' }];
  const borrowed = firingWindow(rule({ expr: 'r == 0' }), effect, tenfold, NONE, recordings);
  assert.equal(borrowed.deadline, firingWindow(rule(), effect, tenfold, NONE, []).deadline + 1500);
});

test('crossing is nothing for an instant expression, the lookback for a window, or what the scenario says', () => {
  assert.equal(crossingOf(rule(), [], undefined, 10).ms, 0);
  assert.equal(crossingOf(rule({ expr: 'rate(x[30s]) > 1' }), [], undefined, 10).ms, 30_000);
  assert.equal(crossingOf(rule({ expr: 'rate(x[30s]) > 1' }), [], 60_000, 10).ms, 6000);
});

test('recovery waits for the window to empty itself', () => {
  const instant = resolveDeadline(rule(), 0, tenfold, [], 0);
  assert.equal(resolveDeadline(rule({ expr: 'rate(x[30s]) > 1' }), 0, tenfold, [], 0), instant + 30_000);
  assert.equal(resolveDeadline(rule({ keepFiringForMs: 4000 }), 0, tenfold, [], 0), instant + 4000);
});

test('each recorded metric that is not evaluated just before its reader costs one evaluation', () => {
  const plain = firingWindow(rule(), effect, tenfold, NONE, []).deadline;
  const late = (recordings: RecordingRule[], over: Partial<AlertRule> = {}) =>
    firingWindow(
      rule({ expr: 'r == 0', line: 10, file: 'a.yml', ...over }),
      effect,
      tenfold,
      NONE,
      recordings,
    ).deadline - plain;
  const r = { record: 'r', expr: 'up', group: 'g', file: 'a.yml' };
  assert.equal(late([{ ...r, line: 5 }]), 0);
  assert.equal(late([{ ...r, line: 15 }]), 1500);
  assert.equal(late([{ ...r, line: 5, file: 'b.yml' }]), 1500);
  assert.equal(late([{ ...r, line: 5, group: 'other' }]), 1500);
  // A live Prometheus tells no lines.
  const { line: _, ...unplaced } = rule({ expr: 'r == 0' });
  assert.equal(firingWindow(unplaced, effect, tenfold, NONE, [r]).deadline, plain);
  const chain = [
    { record: 'r', expr: 'deeper', group: 'two' },
    { record: 'deeper', expr: 'r', group: 'three' },
  ];
  assert.equal(late(chain), 3000);
});

test('a group interval of 0 is the global one', () => {
  const { deadline } = firingWindow(rule({ intervalMs: 0 }), effect, tenfold, NONE, []);
  assert.equal(deadline, firingWindow(rule(), effect, tenfold, NONE, []).deadline);
  assert.equal(
    resolveDeadline(rule({ intervalMs: 0 }), 0, tenfold, []),
    resolveDeadline(rule(), 0, tenfold, []),
  );
});

test('a recovery is the sum of its terms, each with its name', () => {
  const recordings = [{ record: 'r', expr: 'rate(x[30s])', group: 'other' }];
  const { deadline, terms } = resolveWindow(
    rule({ expr: 'r > 0', keepFiringForMs: 4000 }),
    100,
    tenfold,
    recordings,
    2000,
  );
  assert.deepEqual(
    terms.map(({ name, ms }) => [name, ms]),
    [
      ['restart', 2000],
      ['window', 30_000],
      ['scrape', 1500],
      ['scrape timeout', 1000],
      ['recording rule', 1500],
      ['evaluation', 1500],
      ['keep firing', 4000],
      ['grace', 3000],
    ],
  );
  assert.equal(deadline, 100 + 44_500);
});

test('a failure asked for in two windows ends with the shorter; an `and` with something else is a guard', () => {
  const recordings = [
    { record: 'sli:1h', expr: 'sum(rate(bad[1h])) / sum(rate(all[1h]))', group: 'g' },
    { record: 'sli:5m', expr: 'sum(rate(bad[5m])) / sum(rate(all[5m]))', group: 'g' },
  ];
  const reset = (expr: string) =>
    resolveWindow(rule({ expr, group: 'g' }), 0, tenfold, recordings, 0).terms.find(
      ({ name }) => name === 'window',
    )?.ms;
  assert.equal(reset('sli:1h > 0.072 and sli:5m > 0.072'), 300_000);
  assert.equal(reset('(sli:1h > 0.072 and (sli:5m > 0.072))'), 300_000);
  assert.equal(reset('sli:1h > 0.072 and on () rate(requests[5m]) > 1'), 3_600_000);
  assert.equal(reset('sli:1h > 0.072 or sli:5m > 0.072'), 3_600_000);
  assert.equal(reset('sli:1h > 0.072 unless sli:5m > 0.072'), 3_600_000);
});
