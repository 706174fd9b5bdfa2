import assert from 'node:assert/strict';
import { test } from 'node:test';
import { kinds, type Small, small } from '../../../support/plan.ts';

const METRICS = `# TYPE http_requests_total counter
http_requests_total{endpoint="/api/a",method="GET",status="200"} 0
http_requests_total{endpoint="/api/b",method="GET",status="200"} 0
# TYPE late_total counter
# TYPE lat_seconds histogram
lat_seconds_bucket{endpoint="/api/a",le="0.25"} 0
lat_seconds_bucket{endpoint="/api/a",le="1.0"} 0
lat_seconds_bucket{endpoint="/api/a",le="+Inf"} 0
lat_seconds_count{endpoint="/api/a"} 0
lat_seconds_sum{endpoint="/api/a"} 0
`;
const rule = (expr: string, over: Partial<Small> = {}): Small => ({
  alerts: { A: [expr] },
  metrics: METRICS,
  ...over,
});
const loads = (url: string) =>
  `{ id: s, load: { url: ${url}, stages: [{ to: 9, over: 0s }, { hold: 9m }] } }`;
const expecting = (labels: string, expr: string, url = '/x', over: Partial<Small> = {}): Small =>
  rule(expr, { steps: loads(url), expect: `{ alert: A, labels: { ${labels} } }`, ...over });

test('unknown-metric: a metric that the application does not expose, with its place', () => {
  const [finding, ...more] = small(rule('sum(rate(http_request_total[5m])) > 1'));
  assert.deepEqual(more, []);
  assert.equal(finding!.kind, 'unknown-metric');
  assert.match(finding!.message, /reads http_request_total, and metrics\.txt does not expose it/);
  assert.match(finding!.change, /http_requests_total/);
});

test('unknown-metric: also through a recording rule, and a recorded name that no rule records', () => {
  const records = { 'r:x': 'rate(nope_total[5m])' };
  assert.deepEqual(kinds(rule('r:x > 1', { records })), ['unknown-metric']);
  assert.match(small(rule('r:y > 1', { records }))[0]!.message, /reads r:y, and no rule records it/);
});

test('unknown-metric: nothing where the owner is not known, or the alert does without', () => {
  // An exporter that might be the one job that is there, were it not known to be the application.
  for (const expr of [
    'pg_up == 0',
    'node_load1 > 5',
    'process_open_fds > 5',
    'kube_pod_info > 5',
    'up == 0',
    'rate(late_total[5m]) > 1',
    'absent(nope)',
    'rate(http_requests_total[5m]) > 1 or nope > 1',
    'rate(http_requests_total[5m]) > 1 unless nope',
  ])
    assert.deepEqual(kinds(rule(expr, { jobs: '' })), [], expr);
  assert.deepEqual(kinds(rule('nope > 1', { metrics: undefined as never })), []);
});

test('unknown-metric: nothing where another job may expose it, or metrics are renamed on arrival', () => {
  const api = "{ job_name: api, static_configs: [{ targets: ['api:5000'] }] }";
  const other = "{ job_name: worker, static_configs: [{ targets: ['worker:80'] }] }";
  const found = '{ job_name: pods, kubernetes_sd_configs: [{ role: pod }] }';
  const renaming = api.replace('api,', 'api, metric_relabel_configs: [{ action: drop, regex: x }],');
  for (const jobs of [`[${api}, ${other}]`, `[${api}, ${found}]`, `[${renaming}]`])
    assert.deepEqual(kinds(rule('nope > 1', { jobs })), [], jobs);
  assert.deepEqual(kinds(rule('nope > 1', { jobs: `[${api}]` })), ['unknown-metric']);
});

test('unknown-metric: an exporter that no job scrapes, once every job is accounted for', () => {
  const [finding] = small(rule('pg_up == 0'));
  assert.match(finding!.message, /no job of prometheus\.yml scrapes a PostgreSQL exporter/);
  const jobs =
    "[{ job_name: api, static_configs: [{ targets: ['api:5000'] }] }, { job_name: db, static_configs: [{ targets: ['x:9187'] }] }]";
  assert.deepEqual(kinds(rule('pg_up == 0', { jobs })), []);
});

test('missing-bucket: a bound that the histogram has not', () => {
  const expr = (le: string) => `sum(rate(lat_seconds_bucket{le="${le}"}[5m])) > 1`;
  const [finding] = small(rule(expr('0.3')));
  assert.equal(finding!.kind, 'missing-bucket');
  assert.equal(finding!.change, 'add the bucket 0.3 to lat_seconds, or read le="0.25"');
  // 1 and 1.0 are the same bound, written by different versions.
  for (const le of ['0.25', '1', '1.0', '+Inf']) assert.deepEqual(kinds(rule(expr(le))), [], le);
  assert.deepEqual(kinds(rule(expr('0.3'), { metrics: '# TYPE lat_seconds histogram\nother 1' })), []);
});

test('unknown-label: a matcher that no series satisfies', () => {
  const selector = (matcher: string) => rule(`rate(http_requests_total{${matcher}}[5m]) > 1`);
  assert.match(small(selector('code="500"'))[0]!.message, /no series of http_requests_total has code="500"/);
  const [value] = small(selector('endpoint="/api/nope"'));
  assert.equal(value!.kind, 'unknown-label');
  assert.match(value!.change, /\/api\/a, \/api\/b/);
  assert.deepEqual(kinds(selector('endpoint=~"/shop/.*"')), ['unknown-label']);
});

test('unknown-label: nothing of what appears with its first failure, comes with the scrape, or excludes', () => {
  for (const matcher of [
    'status=~"5.."',
    'status="500"',
    'endpoint=~"/api/.*"',
    'endpoint!="/api/a"',
    'code!="500"',
    'job="api"',
    'instance="x"',
  ])
    assert.deepEqual(kinds(rule(`rate(http_requests_total{${matcher}}[5m]) > 1`)), [], matcher);
  const added = "[{ job_name: api, static_configs: [{ targets: ['api:5000'], labels: { team: a } }] }]";
  assert.deepEqual(kinds(rule('rate(http_requests_total{team="b"}[5m]) > 1', { jobs: added })), []);
  assert.deepEqual(kinds(rule('rate(http_requests_total{code="5"}[5m]) > 1', { jobs: '' })), []);
});

test('unknown-label: an expectation of a value that no series has', () => {
  const expr = 'sum by (endpoint) (rate(http_requests_total[5m])) > 1';
  const [finding, ...more] = small(expecting('endpoint: /api/nope', expr));
  assert.deepEqual(more, []);
  assert.match(finding!.message, /never fire with endpoint="\/api\/nope": no series has it/);
  assert.deepEqual(kinds(expecting('endpoint: /api/a', expr)), []);
  // Asked for by the load itself, so that the series will be there.
  assert.deepEqual(kinds(expecting('endpoint: /api/nope', expr, '/api/nope')), []);
});

test('unknown-label: an expectation of a label that the rule drops or sets', () => {
  const sum = 'sum(rate(http_requests_total[5m])) > 1';
  assert.match(small(expecting('endpoint: /api/a', sum))[0]!.message, /its expression drops that label/);
  const set = { alerts: { A: ['up == 0', '1m', { severity: 'page' }] } } as const;
  const wrong = small(expecting('severity: warning', '', '/x', set as never));
  assert.match(wrong[0]!.message, /its rule sets severity="page"/);
  assert.deepEqual(kinds(expecting('severity: page', '', '/x', set as never)), []);
  const templated = { alerts: { A: ['up == 0', '1m', { severity: '{{ $labels.job }}' }] } } as const;
  assert.deepEqual(kinds(expecting('severity: page', '', '/x', templated as never)), []);
});

test('unknown-label: a job that is not scraped', () => {
  assert.match(small(expecting('job: apii', 'up == 0'))[0]!.message, /has no job of that name, only api/);
  assert.deepEqual(kinds(expecting('job: api', 'up == 0')), []);
  assert.deepEqual(kinds(expecting('job: apii', 'up == 0', '/x', { jobs: '' })), []);
});

test('no-rule: an expected alert that no rule raises, and the one that was probably meant', () => {
  const [finding] = small({
    alerts: { InstanceDown: ['up == 0'] },
    steps: loads('/x'),
    expect: '{ alert: InstanceDwon }',
  });
  assert.equal(finding!.kind, 'no-rule');
  assert.equal(finding!.change, 'expect InstanceDown, if that was meant');
  assert.equal(finding!.file, 'x.yaml');
});
