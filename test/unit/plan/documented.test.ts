import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SCENARIOS_DIR, STACK_DIR } from '../../../src/core/paths.ts';
import type { Finding } from '../../../src/plan/findings/finding.ts';
import { DOCUMENTED, findingsIn, readStack } from '../../support/plan.ts';

const documented = readStack({
  rules: join(DOCUMENTED, 'prometheus/rules'),
  prometheus: join(DOCUMENTED, 'prometheus/prometheus.yml'),
  metrics: join(DOCUMENTED, 'app/metrics.txt'),
});
const ours = readStack({
  rules: join(STACK_DIR, 'prometheus/rules'),
  prometheus: join(STACK_DIR, 'prometheus/prometheus.yml'),
  metrics: join(STACK_DIR, 'metrics/api.txt'),
  alertmanager: join(STACK_DIR, 'alertmanager/alertmanager.yml'),
});

const found = (scenario: string) => findingsIn(join(DOCUMENTED, 'scenarios', scenario), documented);
/** The finding of a kind about an alert, whose place is that of a text in its file. */
function one(findings: Finding[], kind: string, alert: string | undefined, text: string): Finding {
  const fitting = findings.filter((one) => one.kind === kind && one.alert === alert);
  assert.equal(fitting.length, 1, JSON.stringify(findings, null, 2));
  const [finding] = fitting as [Finding];
  const line = readFileSync(finding.file, 'utf8').split('\n')[finding.line - 1]!;
  assert.equal(line.slice(finding.column - 1, finding.column - 1 + text.length), text);
  return finding;
}

test('plan finds defect 1: the latency histogram has no 0.3 bucket', () => {
  const { message, change } = one(
    found('high-load.yaml'),
    'missing-bucket',
    'SLOLatencyBreach',
    'http_request_duration_seconds_bucket{le="0.3"}',
  );
  assert.match(message, /no bucket le="0\.3"/);
  assert.match(change, /add the bucket 0\.3/);
});

test('plan finds defect 3: no rule looks at PostgreSQL', () => {
  const { message, change } = one(found('pg-sleep.yaml'), 'unseen-incident', undefined, '');
  assert.match(message, /no rule reads a metric of postgres/);
  assert.match(change, /pg_up == 0.*prometheus\.yml:\d+ \(postgres\)/);
});

test('plan finds defect 4: load too short and too small', () => {
  const short = one(found('high-load.yaml'), 'too-short', 'HighActiveRequests', '2m');
  assert.match(short.message, /lasts 21s.*less than 30s/);
  assert.match(short.change, /at least 2m/);
  const slow = found('slow-load.yaml');
  one(slow, 'too-short', 'HighLatencyP95', '5m');
  const little = one(slow, 'load-too-small', 'HighActiveRequests', 'http_requests_active > 50');
  assert.match(little.message, /at least 51 requests in flight.*by its name and its HELP/);
  assert.match(little.change, /from 20 to at least 51 connections/);
  one(found('usual-load.yaml'), 'load-too-small', 'HighActiveRequests', 'http_requests_active > 50');
});

test('plan finds defect 5: orders fail by design', () => {
  const findings = found('high-load.yaml');
  const orders = one(findings, 'already-holds', 'OrderFailureRate', 'sum(rate(orders_total');
  assert.match(orders.message, /gives 4\.92/);
  const slo = one(findings, 'already-holds', 'SLOAvailabilityBreach', 'sli:availability');
  assert.match(slo.message, /gives 0\.985/);
  // Just under its threshold of 5: a coin flip, and so not certain.
  assert.ok(!findings.some(({ alert }) => alert === 'HighErrorRate'));
});

test('plan finds defect 6: a total outage leaves the availability SLI empty', () => {
  const findings = found('api-outage.yaml');
  const { message } = one(findings, 'empty-in-outage', 'SLOAvailabilityBreach', 'sli:availability');
  assert.match(message, /only what api exposes.*empty, not zero/);
  assert.ok(!findings.some(({ alert }) => alert === 'InstanceDown'));
});

test('plan finds defect 7: a failed probe, and no rule reads probe_success', () => {
  const { message, change } = one(found('nginx-outage.yaml'), 'unseen-incident', undefined, '');
  assert.match(message, /no rule reads a metric of nginx, though blackbox-http probes it/);
  assert.match(change, /probe_success == 0.*prometheus\.yml:\d+/);
});

test('plan finds nothing in our own stack, whatever the scenario', () => {
  const files = readdirSync(SCENARIOS_DIR).filter((name) => name.endsWith('.yaml'));
  assert.ok(files.length >= 13);
  assert.deepEqual(
    files.flatMap((name) => findingsIn(join(SCENARIOS_DIR, name), ours)),
    [],
  );
});

test('and that is because our stack is mended: the same scenarios fail on the documented one', () => {
  const kindsOf = (name: string) =>
    findingsIn(join(SCENARIOS_DIR, `${name}.yaml`), documented).map(({ kind }) => kind);
  assert.ok(kindsOf('high-load').includes('missing-bucket'));
  assert.ok(kindsOf('pg-sleep-flood').includes('unseen-incident'));
  assert.ok(kindsOf('payment-failures').includes('already-holds'));
  assert.ok(kindsOf('api-outage').includes('empty-in-outage'));
  assert.ok(kindsOf('probe-outage').includes('no-rule'));
  assert.ok(!kindsOf('high-load').includes('too-short'));
});

test('the exposition that our plans are made from is what the API exposes', () => {
  const source = readFileSync(join(STACK_DIR, 'app/api.py'), 'utf8');
  const { samples, types } = ours.world.app!;
  const declared = [...source.matchAll(/(Counter|Histogram|Gauge)\(\s*"(\w+)"/g)];
  assert.deepEqual(declared.map(([, type, name]) => [name, type!.toLowerCase()]).sort(), [...types].sort());
  const buckets = /"http_request_duration_seconds"[\s\S]*?buckets=\[([^\]]*)\]/.exec(source)![1]!.split(', ');
  const bounds = samples.get('http_request_duration_seconds_bucket')!.map(({ labels }) => labels.le!);
  assert.deepEqual([...new Set(bounds)], [...buckets, '+Inf']);
  const endpoints = [.../ENDPOINTS = \[(.*)\]/.exec(source)![1]!.matchAll(/"(\/[\w/]+)"/g)].map(
    ([, path]) => path,
  );
  const served = samples.get('http_requests_total')!.map(({ labels }) => labels.endpoint);
  assert.deepEqual([...new Set(served)], endpoints);
});
