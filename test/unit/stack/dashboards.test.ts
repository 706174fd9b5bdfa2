import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { STACK_DIR } from '../../../src/core/paths.ts';
import { durations, syntaxErrors } from '../../../src/rules/promql.ts';
import { metricNames } from '../../../src/rules/selectors.ts';
import { dashboardAtSpeed } from '../../../src/stack/dashboards.ts';
import { readStackRules } from '../../../src/stack/render.ts';
import { dashboardFiles } from '../../../stack/grafana/src/index.ts';
import {
  committed,
  type Dashboard,
  dashboards,
  exprs,
  nameOf,
  type Panel,
  panel,
  panelsOf,
} from '../../support/dashboards.ts';

const stack = (path: string) => readFileSync(join(STACK_DIR, path), 'utf8');
const { alerts } = readStackRules().rules;
const steps = (one: Panel) => one.fieldConfig?.defaults.thresholds?.steps.slice(1).map(({ value }) => value);

test('what is committed is what the code gives: npm run dashboards', () => {
  const built = dashboardFiles().sort((a, b) => a.name.localeCompare(b.name));
  assert.deepEqual(
    committed.map(({ name }) => name),
    built.map(({ name }) => name),
  );
  for (const [i, { name, text }] of committed.entries()) assert.equal(text, built[i]!.text, name);
});

test('every panel has a description; one with queries has a unit, and asks the provisioned Prometheus', () => {
  const [source] = parse(stack('grafana/provisioning/datasources/prometheus.yml')).datasources;
  const wanted = { type: source.type, uid: source.uid };
  for (const one of panelsOf()) {
    assert.ok(one.description, nameOf(one));
    if (one.type === 'annolist') continue;
    assert.ok(one.fieldConfig?.defaults.unit, nameOf(one));
    assert.deepEqual(one.datasource, wanted, nameOf(one));
    assert.ok(one.targets?.length, nameOf(one));
    for (const target of one.targets) assert.deepEqual(target.datasource, wanted, nameOf(one));
    assert.equal(new Set(one.targets.map(({ refId }) => refId)).size, one.targets.length, nameOf(one));
  }
});

test('values have colours from thresholds, graphs have legends, histograms have buckets', () => {
  for (const one of panelsOf()) {
    const targets = one.targets ?? [];
    if (/^(stat|gauge|bargauge)$/.test(one.type)) assert.ok(steps(one), nameOf(one));
    if (one.type === 'timeseries') {
      assert.equal(one.options?.legend?.showLegend, true, nameOf(one));
      for (const { legendFormat } of targets) assert.notEqual(legendFormat, '__auto', nameOf(one));
    }
    // Several values in one panel must be told apart.
    if (one.type === 'stat' && targets.length > 1)
      assert.ok(
        targets.every(({ legendFormat }) => legendFormat !== '__auto'),
        nameOf(one),
      );
    if (/^(heatmap|histogram)$/.test(one.type)) {
      assert.deepEqual(
        targets.map(({ format, legendFormat }) => [format, legendFormat]),
        [['heatmap', '{{le}}']],
        nameOf(one),
      );
    }
    if (one.type === 'table')
      assert.ok(
        targets.every(({ format }) => format === 'table'),
        nameOf(one),
      );
  }
});

test('thresholds are those of the alerts, and of the objectives', () => {
  const limit = (name: string) => {
    const { expr } = alerts.find((alert) => alert.name === name)!;
    return Number(/[<>] ([\d.]+)\s*$/.exec(expr)?.[1]);
  };
  const percent = (share: number) => Math.round(share * 100_000) / 1000;
  const availability = limit('SLOAvailabilityBreach');
  assert.deepEqual(
    [availability, limit('SLOLatencyBreach'), limit('SLOErrorRateBreach')],
    [0.995, 0.95, 0.01],
  );
  for (const [uid, title, expected] of [
    ['techshop', 'Uptime', [percent(availability)]],
    ['techshop', 'Error Rate', [percent(limit('SLOErrorRateBreach')), limit('HighErrorRate')]],
    ['techshop', 'Error Rate by Endpoint', [limit('HighErrorRate')]],
    // The objective is the bucket that the rule counts.
    ['techshop', 'P95 Lat', [0.3, limit('HighLatencyP95')]],
    ['techshop', 'CPU %', [limit('HighCPU')]],
    ['techshop', 'Memory %', [limit('HighMemory')]],
    ['slo', 'Availability', [availability]],
    ['slo', 'Availability by Window', [availability]],
    ['slo', 'Requests under 300 ms', [limit('SLOLatencyBreach')]],
    ['slo', 'Error Rate', [limit('SLOErrorRateBreach')]],
    ['slo', 'Burn Rate', [1, 6, 14.4]],
    ['slo', 'Burn Rate by Window', [1, 6, 14.4]],
    ['slo', 'Fast Burn', [14.4]],
    ['slo', 'Slow Burn', [6]],
    ['slo', 'Ticket', [1]],
  ] as const)
    assert.deepEqual(steps(panel(uid, title)), expected, title);
  for (const [title, name] of [
    ['Fast Burn', 'SLOAvailabilityFastBurn'],
    ['Slow Burn', 'SLOAvailabilitySlowBurn'],
    ['Ticket', 'SLOAvailabilityTicket'],
  ] as const) {
    const { expr } = alerts.find((alert) => alert.name === name)!;
    const factors = [...expr.matchAll(/> ([\d.]+) \* \(1 - 0\.995\)/g)].map(([, factor]) => Number(factor));
    const [factor] = steps(panel('slo', title))!;
    assert.deepEqual(factors, [factor, factor], name);
    const shown = exprs(panel('slo', title)).flatMap(metricNames);
    assert.deepEqual(shown, metricNames(expr), 'the same two windows');
  }
  const connections = /max_connections=(\d+)/.exec(stack('compose.yml').replaceAll(' ', ''))![1];
  assert.deepEqual(steps(panel('techshop', 'PG Conn')), [
    limit('PostgresConnectionsNearMax') * Number(connections),
  ]);
  const { rules } = readStackRules();
  assert.match(rules.recordings.find(({ record }) => record.startsWith('sli:latency'))!.expr, /le="0.3"/);
});

test('where nothing burns the budget lasts for ever, and the panel says so', () => {
  const mappings = panel('slo', 'Time to Exhaustion').fieldConfig?.defaults.mappings;
  assert.deepEqual(mappings, [
    { type: 'value', options: { [String(1 / 0)]: { text: 'never', color: 'green' } } },
  ]);
});

test('every panel of TechShop and SLO links to the runbooks of the alerts that watch what it shows', () => {
  const { services } = parse(stack('compose.yml'));
  const mounts: string[] = services.grafana.volumes;
  assert.ok(mounts.includes('./runbooks:/usr/share/grafana/public/runbooks:ro'));
  const linked = panelsOf().flatMap((one) => (one.links ?? []).map((link) => ({ ...link, of: nameOf(one) })));
  for (const { url, title, targetBlank, of } of linked) {
    const [, name] = /^\/public\/runbooks\/(\w+)\.md$/.exec(url) ?? [];
    assert.ok(
      alerts.some((alert) => alert.name === name),
      `${of}: ${url}`,
    );
    assert.ok(existsSync(join(STACK_DIR, 'runbooks', `${name}.md`)), url);
    assert.equal(title, `Runbook: ${name}`);
    assert.equal(targetBlank, true, url);
  }
  for (const one of [...panelsOf('techshop'), ...panelsOf('slo')]) assert.ok(one.links?.length, nameOf(one));
  // Whatever else may fire leads to its runbook by its name.
  const [link] = panel('chaos', 'Alerts').fieldConfig!.defaults.links!;
  assert.equal(link?.url, `/public/runbooks/\${__field.labels.alertname}.md`);
});

test('every dashboard marks what runs broke, and what fired', () => {
  for (const { title, annotations } of dashboards) {
    const [chaos, firing] = annotations.list;
    assert.deepEqual([chaos?.enable, firing?.enable], [true, true], title);
    assert.deepEqual(chaos?.datasource, { type: 'grafana', uid: '-- Grafana --' }, title);
    assert.deepEqual([chaos.target?.type, chaos.target?.tags], ['tags', ['chaos']], title);
    assert.equal(firing?.expr, 'ALERTS{alertstate="firing"}', title);
    assert.equal(firing.datasource.uid, 'prometheus', title);
  }
  assert.deepEqual(panel('chaos', 'Faults').options?.tags, ['chaos']);
});

test('every query is PromQL without Grafana’s variables, over windows of four scrapes or more', () => {
  const { scrapeMs } = readStackRules().cadence;
  for (const one of panelsOf())
    for (const expr of exprs(one)) {
      assert.deepEqual(syntaxErrors(expr), [], `${nameOf(one)}: ${expr}`);
      assert.doesNotMatch(expr, /\$/);
      for (const { ms } of durations(expr)) assert.ok(ms >= 4 * scrapeMs, `${nameOf(one)}: ${expr}`);
    }
});

test('Grafana finds them where compose mounts them', () => {
  const [provider] = parse(stack('grafana/provisioning/dashboards/techshop.yml')).providers;
  const mounts: string[] = parse(stack('compose.yml')).services.grafana.volumes;
  assert.ok(mounts.includes(`\${LAB_DIR}/grafana/dashboards:${provider.options.path}:ro`));
  assert.ok(mounts.includes('./grafana/provisioning:/etc/grafana/provisioning:ro'));
});

test('a dashboard of a faster lab has the windows of its rules; at speed 1 it is as committed', () => {
  const file = committed.find(({ name }) => name === 'techshop.json')!;
  const at = (speed: number) => dashboardAtSpeed({ path: file.name, text: file.text }, speed).text;
  assert.equal(at(1), file.text);
  const fast: Dashboard = JSON.parse(at(10));
  const traffic = fast.panels.find(({ title }) => title === 'Requests per Second')!;
  assert.equal(traffic.targets?.[0]?.expr, 'sum(rate(http_requests_total[30s])) by (endpoint)');
  assert.equal(traffic.targets[0].interval, '1500ms');
  assert.equal(fast.time.from, 'now-360s');
  assert.throws(() => dashboardAtSpeed({ path: 'a.json', text: '{' }, 2), /a\.json is no JSON/);
  assert.throws(
    () => dashboardAtSpeed({ path: 'a.json', text: '{"step":"often"}' }, 2),
    /often is no duration/,
  );
  const { fieldConfig } = traffic;
  assert.deepEqual(fieldConfig, panel('techshop', 'Requests per Second').fieldConfig);
});
