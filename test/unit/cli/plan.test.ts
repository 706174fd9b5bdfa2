import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { chaos } from '../../support/chaos.ts';

const DOCUMENTED = 'test/fixtures/documented';
const SEED = [
  '--rules',
  `${DOCUMENTED}/prometheus/rules`,
  '--prometheus-config',
  `${DOCUMENTED}/prometheus/prometheus.yml`,
  '--app-metrics',
  `${DOCUMENTED}/app/metrics.txt`,
];

const plan = (...args: string[]) => chaos('plan', ...args);

test('a plan of every scenario on our own stack finds nothing and is exit 0', () => {
  const { status, stdout, stderr } = plan('all', '--json');
  assert.equal(status, 0, stderr);
  const plans = JSON.parse(stdout) as { scenario: string; findings: unknown[] }[];
  assert.ok(plans.length >= 13);
  assert.deepEqual(
    plans.flatMap(({ findings }) => findings),
    [],
  );
});

test('a finding is exit 1, and stands behind the plan with its place, in lines that can be read', () => {
  const { status, stdout } = plan(`${DOCUMENTED}/scenarios/high-load.yaml`, ...SEED);
  assert.equal(status, 1);
  const [, findings] = stdout.split(/^\d findings$/m);
  assert.match(
    findings!,
    /^missing-bucket {2}test\/fixtures\/documented\/prometheus\/rules\/slo\.yml:13:20$/m,
  );
  assert.match(findings!, /^ {2}→ add the bucket 0\.3 to http_request_duration_seconds/m);
  assert.deepEqual(
    findings!.split('\n').filter((line) => line.length > 100),
    [],
  );
});

test('what is wrong with a rule is said once for several scenarios, and each has all of it as JSON', () => {
  const files = ['high-load', 'nginx-outage'].map((name) => `${DOCUMENTED}/scenarios/${name}.yaml`);
  const { stdout } = plan(...files, ...SEED);
  assert.equal(stdout.match(/^missing-bucket/gm)?.length, 1);
  const plans = JSON.parse(plan(...files, ...SEED, '--json').stdout) as { findings: { kind: string }[] }[];
  for (const { findings } of plans) assert.ok(findings.some(({ kind }) => kind === 'missing-bucket'));
});

test('a stack of which only the rules are given is judged by what they say', () => {
  const { status, stdout } = plan('api-outage', '--rules', `${DOCUMENTED}/prometheus/rules`, '--json');
  assert.equal(status, 1);
  const kinds = (JSON.parse(stdout).findings as { kind: string }[]).map(({ kind }) => kind);
  assert.deepEqual(new Set(kinds), new Set(['no-rule']));
});

test('the problems of every given file are told at once, with their places, and are exit 2', () => {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-'));
  const file = (name: string, text: string) => {
    writeFileSync(join(dir, name), text);
    return join(dir, name);
  };
  const { status, stdout, stderr } = plan(
    file('s.yaml', 'name: s\ntitel: x\n'),
    '--rules',
    file('r.yml', 'groups:\n  - name: g\n    rules:\n      - alert: A\n        expr: up == == 0\n'),
    '--prometheus-config',
    file('p.yml', 'global:\n  scrape_interval: 15 seconds\n'),
    '--app-metrics',
    file('m.txt', 'a 1\n<html>\n'),
    '--alertmanager-config',
    join(dir, 'none.yml'),
  );
  assert.equal(status, 2);
  assert.equal(stdout, '');
  const places = [...stderr.matchAll(/(\w\.\w+|none\.yml):(\d+):\d+: /g)].map(
    ([, name, line]) => `${name}:${line}`,
  );
  for (const place of ['r.yml:5', 'p.yml:2', 'none.yml:1', 'm.txt:2', 's.yaml:2'])
    assert.ok(places.includes(place), `${place} in ${places}`);
});

test('a Prometheus elsewhere is refused, and so is a folder without a rule', () => {
  for (const address of ['http://prometheus.example:9090', 'ftp://127.0.0.1', '9090']) {
    const { status, stderr } = plan('quiet', '--prometheus', address);
    assert.equal(status, 2, address);
    assert.match(stderr, /no address of a Prometheus on this machine/);
  }
  const { status, stderr } = plan('quiet', '--rules', mkdtempSync(join(tmpdir(), 'chaos-')));
  assert.equal(status, 2);
  assert.match(stderr, /there is no alerting rule here/);
});

test('a Prometheus that does not answer is exit 3', () => {
  const { status, stderr } = plan('quiet', '--prometheus', 'http://127.0.0.1:9');
  assert.equal(status, 3);
  assert.match(stderr, /No Prometheus answers as it should at http:\/\/127\.0\.0\.1:9\./);
});

test('the help of plan says what its exit codes mean', () => {
  const { stdout } = plan('--help');
  assert.match(stdout, /1 there is a\s+finding/);
  for (const option of ['rules', 'prometheus-config', 'app-metrics', 'alertmanager-config', 'prometheus'])
    assert.match(stdout, new RegExp(`--${option} `));
});
