import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inFlightRule, timeAbove } from '../../../../src/plan/findings/in-flight.ts';
import { leastEffect, longestHold } from '../../../../src/plan/windows.ts';
import { parseRules } from '../../../../src/rules/rule-files.ts';
import type { LoadSpec } from '../../../../src/scenario/scenario.ts';
import { kinds, SECONDS_15, type Small, small } from '../../../support/plan.ts';

const stop = (lasts: string) => `{ id: s, fault: { type: container-stop, target: api, for: ${lasts} } }`;
const load = (to: number, lasts: string) =>
  `{ id: s, load: { url: /a, stages: [{ to: ${to}, over: 0s }, { hold: ${lasts} }] } }`;
const given = (expr: string, wait: string, steps: string, rest: Partial<Small> = {}): Small => ({
  alerts: { A: [expr, wait] },
  steps,
  expect: '{ alert: A, because: s }',
  ...rest,
});

test('too-short: a step that is over before the condition can have held for its `for`', () => {
  assert.deepEqual(kinds(given('up == 0', '2m', stop('30s'))), ['too-short']);
  const [finding] = small(given('up == 0', '2m', stop('30s')));
  assert.match(finding!.message, /hold for 2m, and the step s lasts 30s/);
  assert.equal(finding!.change, 'let s last at least 2m; from 2m55s on it has to fire');
});

test('too-short: nothing where it can come about, however narrowly', () => {
  assert.deepEqual(kinds(given('up == 0', '2m', stop('2m'))), []);
  assert.deepEqual(kinds(given('up == 0', '0s', stop('1s'))), []);
  // The window goes on showing what was, for longer than `for`.
  assert.deepEqual(kinds(given('rate(x_total[5m]) > 1', '4m', load(9, '10s'))), []);
  assert.deepEqual(kinds(given('rate(x_total[5m]) > 1', '5m', load(9, '10s'))), ['too-short']);
  assert.deepEqual(kinds(given('rate(x_total[5m]) > 1', '5m', load(9, '20s'))), []);
});

test('too-short: a window counts through the recording rule that it stands in', () => {
  const records = { 'r:x': 'rate(x_total[5m])' };
  assert.deepEqual(kinds(given('r:x > 1', '4m', load(9, '10s'), { records })), []);
  assert.deepEqual(kinds(given('r:x > 1', '6m', load(9, '10s'), { records })), ['too-short']);
});

test('too-short: nothing of a condition that outlasts its cause', () => {
  assert.deepEqual(kinds(given('orders_failed_total > 5', '10m', load(9, '10s'))), []);
  assert.deepEqual(kinds(given('time() - last_backup > 5', '10m', load(9, '10s'))), []);
});

test('too-short: of a ramp only the part above the threshold counts', () => {
  const ramp = '{ id: s, load: { url: /a, stages: [{ to: 60, over: 5m }, { hold: 20s }] } }';
  const [finding, ...more] = small(given('http_requests_active > 50', '2m', ramp));
  assert.deepEqual(more, []);
  assert.match(finding!.message, /the step s keeps 51 requests in flight for 1m20s/);
  assert.deepEqual(kinds(given('http_requests_active > 50', '1m', ramp)), []);
});

test('the longest hold and the shortest effect are two sides of one thing', () => {
  for (const expr of ['up == 0', 'rate(x_total[1m]) > 0', 'rate(x_total[5m]) > 0']) {
    for (const wait of ['0s', '1m', '100s', '5m', '7m']) {
      const text = `groups: [{ name: g, rules: [{ alert: A, expr: '${expr}', for: ${wait} }] }]`;
      const [rule] = parseRules(text, 'r.yml').alerts;
      const least = leastEffect(rule!, SECONDS_15, []);
      const needed = Math.ceil(rule!.forMs / 15_000) * 15_000;
      assert.ok(longestHold(rule!, least, SECONDS_15, []) > needed, `${expr} ${wait}`);
      if (least > 0) assert.ok(longestHold(rule!, least - 1, SECONDS_15, []) <= needed, `${expr} ${wait}`);
    }
  }
});

test('load-too-small: fewer connections than the rule wants requests in flight', () => {
  const [finding, ...more] = small(given('http_requests_active > 50', '1m', load(20, '5m')));
  assert.deepEqual(more, []);
  assert.equal(finding!.kind, 'load-too-small');
  assert.match(finding!.message, /at least 51.*at most 23.*counts requests in flight, by its name/);
  assert.equal(finding!.change, 'raise to: of s from 20 to at least 51 connections');
});

test('load-too-small: background traffic, other loads and the limit of an open load count', () => {
  const most = (steps: string, rest = '') =>
    kinds(given('http_requests_active > 50', '1m', steps, { rest })).includes('load-too-small');
  assert.equal(most(load(40, '5m')), true);
  assert.equal(most(load(40, '5m'), 'traffic: { connections: 8, url: /b }'), false);
  assert.equal(most(`${load(40, '5m')}, ${load(8, '5m').replace('id: s', 'id: t')}`), false);
  const open = (limit: string) =>
    `{ id: s, load: { model: open, url: /a, ${limit} stages: [{ to: 5, over: 0s }, { hold: 5m }] } }`;
  assert.equal(most(open('')), false);
  assert.equal(most(open('max_in_flight: 20,')), true);
});

test('load-too-small: nothing of another metric, another comparison, or beside a fault', () => {
  const steps = load(20, '5m');
  for (const expr of [
    'queue_length > 50',
    'http_requests_active_total > 50',
    'http_requests_active < 50',
    'http_requests_active > on() limit',
    'http_requests_active > 20',
  ])
    assert.ok(!kinds(given(expr, '1m', steps)).includes('load-too-small'), expr);
  const faulty = `${steps}, { id: t, fault: { type: redis-stall, for: 1m } }`;
  assert.ok(!kinds(given('http_requests_active > 50', '1m', faulty)).includes('load-too-small'));
  const metrics = '# TYPE http_requests_active counter\nhttp_requests_active 1';
  assert.ok(!kinds(given('http_requests_active > 50', '1m', steps, { metrics })).includes('load-too-small'));
});

test('a metric is taken for requests in flight by its words, alone or aggregated', () => {
  const of = (expr: string) => {
    const text = JSON.stringify({ groups: [{ name: 'g', rules: [{ alert: 'A', expr }] }] });
    return inFlightRule(parseRules(text, 'r.yml').alerts[0]!, [], {});
  };
  assert.equal(of('sum(flask_inprogress_requests) >= 10')?.needed, 10);
  assert.equal(of('max by (job) (http_server_requests_in_flight) > 9.5')?.needed, 10);
  assert.equal(of('http_requests_active / 2 > 10'), undefined);
  assert.equal(of('active_sessions > 10'), undefined);
});

test('the time above a level is counted on ramps as well', () => {
  const stages = [{ to: 100, overMs: 100_000 }, { holdMs: 10_000 }, { to: 0, overMs: 50_000 }];
  const closed: LoadSpec = { model: 'closed', requests: [], stages };
  assert.equal(timeAbove(closed, 50), 50_000 + 10_000 + 25_000);
  assert.equal(timeAbove(closed, 101), 0);
});
