import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { STACK_DIR } from '../../../src/core/paths.ts';
import { parseMatchers, readAlertmanagerConfig } from '../../../src/rules/alertmanager-config.ts';
import { parseExposition, readExposition } from '../../../src/rules/exposition.ts';
import { parsePrometheusConfig, readPrometheusConfig } from '../../../src/rules/prometheus-config.ts';

const places = (problems: { line: number; column: number; message: string }[]) =>
  problems.map(({ line, column, message }) => `${line}:${column} ${message}`);

test('an exposition is read with types, labels, escapes, time stamps and exemplars', () => {
  const { exposition, problems } = parseExposition(
    `# HELP a Help text
# TYPE a counter
a{x="1",y="q\\"\\\\\\n"} 1.5e3 1700000000000
a{ x = "2" , } +Inf
b NaN
# TYPE h histogram
h_bucket{le="0.1"} 3 # {trace_id="t"} 0.05
# EOF
`,
    'm.txt',
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(exposition.samples.get('a'), [
    { labels: { x: '1', y: 'q"\\\n' }, value: 1500 },
    { labels: { x: '2' }, value: Number.POSITIVE_INFINITY },
  ]);
  assert.ok(Number.isNaN(exposition.samples.get('b')![0]!.value));
  assert.deepEqual(exposition.samples.get('h_count'), []);
  assert.equal(exposition.samples.get('h_bucket')!.length, 1);
  assert.equal(exposition.helps.get('a'), 'Help text');
});

test('every mistake of an exposition is told with its place, all at once', () => {
  const { problems } = parseExposition('a 1\n<html>\nb{x=1} 2\nc{x="1"} two\nd{x="1" 3\n', 'm.txt');
  assert.deepEqual(places(problems), [
    '2:1 a line begins with the name of a metric, or with #',
    '3:3 a label is written name="value"',
    '4:9 c has no value that is a number',
    '5:3 a label is written name="value"',
  ]);
  assert.deepEqual(places(parseExposition('# nothing\n', 'm.txt').problems), [
    '1:1 there is no metric in this exposition',
  ]);
  assert.match(readExposition('/no/such/file').problems[0]!.message, /there is no such file/);
});

test('a prometheus.yml is read with its intervals, jobs and places', () => {
  const { config } = readPrometheusConfig(join(STACK_DIR, 'prometheus/prometheus.yml'));
  assert.deepEqual(config?.cadence, { scrapeMs: 15_000, scrapeTimeoutMs: 10_000, evaluationMs: 15_000 });
  assert.deepEqual(config?.externalLabels, { environment: 'lab', service: 'techshop' });
  const api = config?.jobs.find(({ name }) => name === 'api');
  assert.deepEqual(api?.targets, [{ address: 'api:5001', host: 'api', port: 5001, instance: 'api:5000' }]);
  const probes = config?.jobs.filter(({ probes }) => probes);
  assert.deepEqual(
    probes?.map(({ name }) => name),
    ['blackbox-http'],
  );
  assert.deepEqual(
    probes?.[0]?.targets.map(({ host, instance }) => `${host} ${instance}`),
    ['nginx http://nginx:80/health', 'api http://api:5000/health'],
  );
});

test('what a prometheus.yml does not say is what Prometheus takes, and its mistakes have places', () => {
  const { config } = parsePrometheusConfig('scrape_configs: []', 'p.yml');
  assert.deepEqual(config?.cadence, { scrapeMs: 60_000, scrapeTimeoutMs: 10_000, evaluationMs: 60_000 });
  const { problems } = parsePrometheusConfig(
    'global: { scrape_interval: 15 seconds }\nscrape_configs:\n  - static_configs: 3\n',
    'p.yml',
  );
  assert.deepEqual(
    problems.map(({ line }) => line),
    [1, 3, 3],
  );
  assert.match(problems[0]!.message, /global\.scrape_interval: is no duration; write it like 15s/);
  assert.equal(parsePrometheusConfig('a: [', 'p.yml').problems.length, 1);
});

test('a matcher of Alertmanager may go without quotes, in a list, or in braces', () => {
  assert.deepEqual(parseMatchers('{severity="a\\"b", team=~ops|shop}'), [
    { label: 'severity', op: '=', value: 'a"b' },
    { label: 'team', op: '=~', value: 'ops|shop' },
  ]);
  assert.deepEqual(parseMatchers('x != y'), [{ label: 'x', op: '!=', value: 'y' }]);
  for (const bad of ['severity', 'a == b', '="x"', 'a="x']) assert.equal(parseMatchers(bad), undefined, bad);
});

test('an alertmanager.yml is read with its tree, and its mistakes have places', () => {
  const ours = readAlertmanagerConfig(join(STACK_DIR, 'alertmanager/alertmanager.yml'));
  assert.deepEqual([...ours.config!.reaching], ['inbox']);
  assert.equal(ours.config!.route.receiver, 'inbox');
  const file = join(mkdtempSync(join(tmpdir(), 'chaos-')), 'a.yml');
  writeFileSync(file, 'receivers: []\nroute:\n  receiver: x\n  routes:\n    - matchers: [severity]\n');
  assert.deepEqual(places(readAlertmanagerConfig(file).problems), [
    '5:18 route.routes.0.matchers.0: is no matcher; write it like severity="critical"',
  ]);
  writeFileSync(file, 'receivers: []\n');
  assert.equal(readAlertmanagerConfig(file).problems.length, 1);
});
