import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JITTER_MS, looksOf, type Phases } from '../../../src/plan/phases.ts';
import { crossingOf, firingWindow } from '../../../src/plan/windows.ts';
import { TENFOLD as cadence, ruleOf } from '../../support/rule.ts';

const rule = ruleOf({ file: 'a.yml' });
const phases: Phases = {
  targets: [
    { job: 'api', instance: 'api:5000', at: 700, everyMs: 1500 },
    { job: 'node', instance: 'node:9100', at: 1400, everyMs: 1500 },
  ],
  groups: [{ name: 'g', file: 'a.yml', at: 100, everyMs: 1500 }],
};
const NOW = { ms: 0, source: '' };

test('the next scrape is that of the target that the labels name, or of the last one to be scraped', () => {
  const api = looksOf(phases, rule, { job: 'api' })!;
  assert.equal(api.nextScrape(700), 700);
  assert.equal(api.nextScrape(701), 2200);
  assert.equal(api.nextScrape(-10_000), -9800);
  assert.equal(looksOf(phases, rule, {})!.nextScrape(701), 2200);
  assert.equal(looksOf(phases, rule, {})!.nextScrape(600), 1400);
  assert.equal(looksOf(phases, rule, { job: 'nobody' })!.nextScrape(600), 1400);
});

test('a group that was never evaluated, and a Prometheus without targets, tell nothing', () => {
  assert.equal(looksOf(phases, { ...rule, group: 'other' }, {}), undefined);
  assert.equal(looksOf({ ...phases, targets: [] }, rule, {}), undefined);
});

test('what is left of scrape and evaluation narrows the window, and its terms still add up', () => {
  const effect = { startedAt: 10_000, fullAt: 10_000 };
  const wide = firingWindow(rule, effect, cadence, NOW, []);
  const { earliest, deadline, terms } = firingWindow(
    rule,
    effect,
    cadence,
    NOW,
    [],
    looksOf(phases, rule, { job: 'api' }),
  );
  // Scrapes of the api at 9700, 11200; evaluations at 10600, 12100, 13600.
  assert.equal(earliest, 10_600 + 6000 - JITTER_MS);
  assert.equal(deadline, 13_600 + 6000 + 1500);
  assert.ok(earliest > wide.earliest && deadline < wide.deadline, `${earliest} ${deadline}`);
  assert.equal(effect.fullAt + terms.reduce((sum, { ms }) => sum + ms, 0), deadline);
  assert.match(terms.find(({ name }) => name === 'scrape')!.source, /phase/);
});

test('wherever the effect falls, an alert fired as Prometheus does it is inside the narrowed window', () => {
  const looks = looksOf(phases, rule, { job: 'api' })!;
  for (let at = 10_000; at < 11_500; at += 7) {
    for (const lasts of [5, 900]) {
      const effect = { startedAt: at, fullAt: at };
      const { earliest, deadline } = firingWindow(rule, effect, cadence, NOW, [], looks);
      const pending = looks.nextEvaluation(looks.nextScrape(at) + lasts);
      const fired = pending + 6000;
      assert.ok(earliest <= fired && fired <= deadline, `${at} ${lasts}: ${earliest} ${fired} ${deadline}`);
    }
  }
});

test('the traffic decides how long a window needs, up to the whole of it', () => {
  const ratio = { ...rule, expr: 'rate(x[30s]) > 1' };
  const effect = { startedAt: 1000, fullAt: 2000 };
  const crossing = (...held: { from: number; to: number }[]) =>
    crossingOf(ratio, [], undefined, 10, { held, effect }).ms;
  assert.equal(crossing({ from: 9000, to: 40_000 }), 7000);
  assert.equal(crossing({ from: 1500, to: 40_000 }), 0);
  assert.equal(crossing({ from: 3000, to: 4000 }, { from: 9000, to: 40_000 }), 7000, 'too short to fire');
  assert.equal(crossing({ from: 3000, to: 4000 }), 30_000);
  assert.equal(crossing(), 30_000);
  assert.equal(crossing({ from: 50_000, to: 90_000 }), 30_000, 'the whole window is the most it can need');
  assert.equal(crossingOf(ratio, [], 60_000, 10, { held: [{ from: 9000, to: 40_000 }], effect }).ms, 6000);
});
