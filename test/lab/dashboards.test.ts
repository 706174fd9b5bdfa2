import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import axios from 'axios';
import { baseUrl } from '../../src/core/lab.ts';
import type { Labels } from '../../src/core/labels.ts';
import { Prometheus } from '../../src/observe/prometheus.ts';
import { readExpression, satisfies, selectorsOf } from '../../src/rules/expression.ts';
import { committed, type Dashboard, type Target } from '../support/dashboards.ts';
import { docker, LAB, lab } from '../support/lab.ts';

// Every query of every dashboard, as Grafana would read it in this lab, while there is traffic and an alert.

const prometheus = () => new Prometheus(baseUrl(lab(), 'PROMETHEUS_PORT'));
const http = axios.create({ proxy: false, timeout: 10_000, validateStatus: () => true });

const folder = () => join(lab().dir, 'grafana/dashboards');
const rendered = () =>
  readdirSync(folder())
    .sort()
    .map((name) => JSON.parse(readFileSync(join(folder(), name), 'utf8')) as Dashboard);
const queries = () =>
  rendered().flatMap(({ uid, panels }) =>
    panels.flatMap((panel) =>
      (panel.targets ?? []).map((target) => ({ of: `${uid}: ${panel.title}`, target })),
    ),
  );

/** What every endpoint answers, from a few customers at once, until it is over. */
async function customers(signal: AbortSignal): Promise<void> {
  const shop = baseUrl(lab(), 'NGINX_PORT');
  const each = async () => {
    while (!signal.aborted) {
      await http.get(`${shop}/api/products`);
      await http.post(`${shop}/api/cart`);
      await http.post(`${shop}/api/order`);
    }
  };
  const slow = async () => {
    while (!signal.aborted) await http.get(`${shop}/api/slow`);
  };
  await Promise.all([each(), each(), each(), slow()]);
}

const leaving = new AbortController();
let traffic: Promise<void>;
before(() => {
  traffic = customers(leaving.signal);
});
after(async () => {
  leaving.abort();
  await traffic;
});

/** The values it gives: over the last evaluations where it is drawn as a graph, else as of now. */
async function valuesOf({ expr, instant }: Target): Promise<{ labels: Labels; values: string[] }[]> {
  if (instant) {
    const answer = await prometheus().instant(expr);
    return answer.map(({ metric, value }) => ({ labels: metric, values: [value[1]] }));
  }
  const now = Date.now();
  const series = await prometheus().range(expr, now - 3000, now, 1500);
  return series.map(({ metric, values }) => ({ labels: metric, values: values.map(([, value]) => value) }));
}

/** Why a query shows nothing; undefined where it shows something. */
async function emptiness(target: Target): Promise<string | undefined> {
  const series = await valuesOf(target);
  if (series.length === 0) return 'no data';
  if (series.every(({ values }) => values.every((value) => value === 'NaN'))) return 'only NaN';
  const wanted = [...target.legendFormat.matchAll(/{{(\w+)}}/g)].map(([, label]) => label!);
  const missing = wanted.filter((label) => series.some(({ labels }) => labels[label] === undefined));
  return missing.length > 0 ? `no label ${missing.join(', ')} for the legend` : undefined;
}

test('every dashboard is there as this lab is to have it', () => {
  assert.deepEqual(
    readdirSync(folder()).sort(),
    committed.map(({ name }) => name),
  );
});

/** Asks until all of them show something, for at most `seconds`; returns what still shows nothing. */
async function stillEmpty(asked: ReturnType<typeof queries>, seconds: number): Promise<string[]> {
  for (const until = Date.now() + seconds * 1000; ; await pause(500)) {
    const empty: string[] = [];
    // One after the other: the machine has the lab to carry as well.
    for (const { of, target } of asked) {
      const why = await emptiness(target);
      if (why) empty.push(`${of}: ${why}: ${target.expr}`);
    }
    if (empty.length === 0 || Date.now() > until) return empty;
  }
}
const readsAlerts = ({ target }: { target: Target }) => /^max.*ALERTS/.test(target.expr);

test('under load, every query of every panel has data, and labels for its legend', async () => {
  const asked = queries().filter((query) => !readsAlerts(query));
  assert.ok(asked.length >= 40);
  // A few scrapes and evaluations have to be over; the slowest group comes every minute of the lab.
  assert.deepEqual(await stillEmpty(asked, 20), []);
});

test('with an alert pending, the panel of alerts shows it', async () => {
  const asked = queries().filter(readsAlerts);
  assert.equal(asked.length, 1);
  // An exporter that nothing else depends on, and for no longer than it takes: it shall not fire.
  await docker('stop', `${LAB}-nginx-exporter`);
  try {
    assert.deepEqual(await stillEmpty(asked, 10), []);
  } finally {
    await docker('start', `${LAB}-nginx-exporter`);
  }
  const gone = async () => (await prometheus().instant('ALERTS{job="nginx"}')).length === 0;
  for (let left = 40; !(await gone()); left--) {
    assert.ok(left > 0, 'nginx-exporter has not come back');
    await pause(250);
  }
});

test('every metric, label and value that a query asks for exists', async () => {
  const known = new Map<string, Labels[]>();
  const series = async (metric: string) => {
    if (!known.has(metric)) known.set(metric, await prometheus().series(metric));
    return known.get(metric)!;
  };
  for (const { of, target } of queries()) {
    const selectors = selectorsOf(readExpression(target.expr));
    assert.ok(selectors.length > 0, of);
    for (const { metric, matchers } of selectors) {
      assert.ok(metric, `${of}: ${target.expr}`);
      const all = await series(metric);
      assert.ok(all.length > 0, `${of}: there is no metric ${metric}`);
      for (const matcher of matchers) {
        // Nothing may have fired yet in this lab.
        if (metric === 'ALERTS' && matcher.value === 'firing') continue;
        const value = (labels: Labels) => labels[matcher.label];
        assert.ok(
          all.some((labels) => value(labels) !== undefined && satisfies(value(labels)!, matcher)),
          `${of}: no ${metric} has ${matcher.label}${matcher.op}"${matcher.value}"`,
        );
      }
    }
  }
});

test('without a 5xx the error rate is 0, not absent', async () => {
  const rate = queries().find(({ of }) => of === 'techshop: Error Rate')!.target.expr;
  const byEndpoint = queries().find(({ of }) => of === 'techshop: Error Rate by Endpoint')!.target.expr;
  for (const expr of [rate, byEndpoint]) {
    // A status that nothing has: as of an API that makes a series with the first 5xx only.
    const answer = await prometheus().instant(expr.replace('5..', '599'));
    const values = answer.map(({ value }) => value[1]).filter((value) => value !== 'NaN');
    assert.ok(values.length > 0, expr);
    assert.ok(
      values.every((value) => value === '0'),
      expr,
    );
  }
});

test('the histograms have a bucket for each bound, filled as they should be', async () => {
  const cart = queries().find(({ of }) => of === 'techshop: Cart Value Histogram')!.target.expr;
  const counts = new Map(
    (await prometheus().instant(cart)).map(({ metric, value }) => [
      Number(metric.le!.replace('+Inf', 'Infinity')),
      Number(value[1]),
    ]),
  );
  // Carts are worth 10 to 500 euros.
  assert.equal(counts.get(10) ?? 0, 0);
  assert.ok(counts.get(500)! > 0);
  assert.equal(counts.get(500), counts.get(Number.POSITIVE_INFINITY));
});
