import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kinds, type Small, small } from '../../../support/plan.ts';

const BLACKBOX = `{ job_name: probes, metrics_path: /probe, static_configs: [{ targets: ['http://nginx:80/health'] }],
  relabel_configs: [{ source_labels: [__address__], target_label: __param_target }] }`;
const JOBS = `[{ job_name: api, static_configs: [{ targets: ['api:5000'] }] },
  { job_name: postgres, static_configs: [{ targets: ['postgres-exporter:9187'] }] }, ${BLACKBOX}]`;
const fault = (type: string, fields = '') => `{ id: s, fault: { type: ${type}, ${fields} for: 9m } }`;
const stop = (target: string) => fault('container-stop', `target: ${target},`);
const given = (expr: string, steps: string, over: Partial<Small> = {}): Small => ({
  alerts: { A: [expr] },
  steps,
  jobs: JOBS,
  ...over,
});

test('unseen-incident: no rule reads a metric of the service', () => {
  const flood = fault('postgres-sleep-flood', 'sessions: 3,');
  const [finding] = small(given('up == 0', flood));
  assert.equal(finding!.kind, 'unseen-incident');
  assert.match(finding!.change, /pg_up == 0.*prometheus\.yml:\d+ \(postgres\) already collects/);
  assert.deepEqual(kinds(given('pg_up == 0', flood)), []);
  assert.deepEqual(
    kinds(given('r:full > 1', flood, { records: { 'r:full': 'sum(pg_stat_activity_count)' } })),
    [],
  );
});

test('unseen-incident: a service that is scraped itself is seen by up, if the rule means that job', () => {
  assert.deepEqual(kinds(given('up == 0', stop('api'))), []);
  assert.deepEqual(kinds(given('up{job="postgres"} == 0', stop('api'))), ['unseen-incident']);
  assert.deepEqual(kinds(given('http_requests_active > 50', stop('api'))), []);
});

test('unseen-incident: one that is probed is seen by its probe, and only then', () => {
  assert.match(small(given('up == 0', stop('nginx')))[0]!.message, /though probes probes it/);
  assert.deepEqual(kinds(given('probe_success == 0', stop('nginx'))), []);
  assert.deepEqual(kinds(given('probe_success == 0', stop('redis'))), ['unseen-incident']);
});

test('unseen-incident: nothing where it is not known what is scraped', () => {
  assert.deepEqual(kinds(given('up == 0', stop('api'), { jobs: '' })), []);
  assert.deepEqual(kinds(given('some_metric > 1', stop('api'), { jobs: '' })), []);
  assert.deepEqual(kinds(given('container_last_seen > 1', stop('redis'))), []);
  // It is known all the same that PostgreSQL exposes nothing by itself.
  assert.deepEqual(kinds(given('up == 0', stop('postgres'), { jobs: '' })), ['unseen-incident']);
});

test('unseen-incident: the host is seen by the node exporter', () => {
  assert.deepEqual(kinds(given('up == 0', fault('cpu-hog'))), ['unseen-incident']);
  assert.deepEqual(kinds(given('node_load1 > 5', fault('cpu-hog'))), []);
});

const expect = '{ alert: A, because: s }';

test('empty-in-outage: an alert that reads only what the fault silences', () => {
  const expr = 'sum(rate(x_total{status!="500"}[5m])) / sum(rate(x_total[5m])) < 0.9';
  const [finding, ...more] = small(given(expr, stop('api'), { expect }));
  assert.deepEqual(more, []);
  assert.equal(finding!.kind, 'empty-in-outage');
  assert.match(finding!.message, /only what api exposes \(x_total\)/);
  const records = { 'r:ok': expr.replace(' < 0.9', '') };
  assert.deepEqual(kinds(given('r:ok < 0.9', stop('api'), { expect, records })), ['empty-in-outage']);
});

test('empty-in-outage: nothing where something else is read, absence is counted, or the target still answers', () => {
  const quiet = (expr: string, steps = stop('api'), jobs = JOBS) =>
    assert.ok(!kinds(given(expr, steps, { expect, jobs })).includes('empty-in-outage'), expr);
  quiet('up == 0');
  quiet('sum(rate(x_total[5m])) < 1 or probe_success == 0');
  quiet('(sum(rate(x_total[5m])) or vector(0)) < 1');
  quiet('absent(x_total)');
  quiet('changes(started[5m]) > 0');
  quiet('rate(x_total[5m]) < 1', stop('postgres'));
  quiet('rate(x_total[5m]) < 1', fault('cpu-limit', 'target: api, cpus: 0.1,'));
  quiet('rate(x_total[5m]) < 1', stop('api'), '');
  quiet('rate(x_total[5m]) < 1', stop('shop'), '');
  quiet('pg_up == 0', stop('postgres'));
});

test('empty-in-outage: where only an exposition is known, the application is the service called api', () => {
  const metrics = '# TYPE x_total counter\nx_total 0\n';
  const of = (target: string) =>
    kinds(given('rate(x_total[5m]) < 1', stop(target), { expect, metrics, jobs: '' }));
  assert.deepEqual(of('api'), ['empty-in-outage']);
  assert.deepEqual(of('worker'), ['unseen-incident']);
});

test('empty-in-outage: an exporter that is stopped exposes nothing either', () => {
  assert.deepEqual(kinds(given('pg_up == 0', stop('postgres-exporter'), { expect })), [
    'unseen-incident',
    'empty-in-outage',
  ]);
});

const METRICS = `# TYPE orders_total counter
orders_total{status="ok"} 95
orders_total{status="failed"} 5
# TYPE busy gauge
busy 7
`;
const RATIO = 'sum(rate(orders_total{status="failed"}[5m])) / sum(rate(orders_total[5m])) * 100';

test('already-holds: a ratio of rates, a gauge, and an alert that nobody expects', () => {
  const [finding] = small(given(`${RATIO} > 2`, '', { metrics: METRICS, jobs: '' }));
  assert.equal(finding!.kind, 'already-holds');
  assert.match(finding!.message, /gives 5 on the samples of metrics\.txt/);
  assert.match(finding!.change, /raise the threshold 2 above 5/);
  const low = small(given('busy < 8', '', { metrics: METRICS, jobs: '' }));
  assert.match(low[0]!.change, /lower the threshold 8 below 7/);
});

test('already-holds: nothing at the threshold, of what one moment does not tell, or what is tolerated', () => {
  const quiet = (expr: string, rest = '') =>
    assert.deepEqual(kinds(given(expr, '', { metrics: METRICS, jobs: '', rest })), [], expr);
  quiet(`${RATIO} > 5`);
  quiet('sum(rate(orders_total[5m])) > 1');
  quiet('time() > 1');
  quiet('busy > 1', 'tolerate: [{ alert: A }]');
  assert.deepEqual(kinds(given('busy > 1', '')), []);
});

test('already-holds: a live Prometheus is asked, and its answer stands', () => {
  const live = {
    url: 'http://127.0.0.1:9090',
    metrics: new Set(['busy']),
    series: new Map([['busy', [{ job: 'x' }]]]),
    holding: new Map([['A', { value: 7, labels: { job: 'x' } }]]),
  };
  const [finding] = small(given('busy > 1', '', { jobs: '', world: { live } }));
  assert.match(finding!.message, /^A\{job="x"\} holds.*gives 7 on http:\/\/127\.0\.0\.1:9090 now/);
  assert.deepEqual(kinds(given('busy > 1', '', { world: { live: { ...live, holding: new Map() } } })), []);
  const unknown = small(given('bussy > 1', '', { world: { live: { ...live, holding: new Map() } } }));
  assert.match(unknown[0]!.message, /Prometheus at .* has never seen it/);
});
