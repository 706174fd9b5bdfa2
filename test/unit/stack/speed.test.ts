import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { ChaosError } from '../../../src/core/errors.ts';
import { STACK_DIR } from '../../../src/core/paths.ts';
import { readStackRules, renderLab, writeRendered } from '../../../src/stack/render.ts';
import { atSpeed, type ConfigFile } from '../../../src/stack/speed.ts';

const PROMETHEUS = `# kept
global:
  scrape_interval: 15s # this too
  scrape_timeout: 10s
  evaluation_interval: 15s
  external_labels: { for: 5m }
scrape_configs:
  - job_name: a
    scrape_interval: 30s
`;
const RULES = `groups:
  - name: g
    interval: 30s
    rules:
      - alert: A
        expr: rate(x{for="5m"}[5m]) > 1
        for: 1m
        keep_firing_for: 2m
        labels: { for: 5m }
        annotations: { summary: 'over 5m' }
`;
const config = (rules = RULES) => [
  { path: 'prometheus/prometheus.yml', text: PROMETHEUS },
  { path: 'prometheus/rules/g.yml', text: rules },
];
const refusal = (speed: number, rules?: string, files: ConfigFile[] = config(rules)) => {
  try {
    atSpeed(files, speed);
  } catch (error) {
    if (error instanceof ChaosError) return error;
  }
  throw new assert.AssertionError({ message: `speed ${speed} was not refused` });
};

const own = () =>
  [
    'prometheus/prometheus.yml',
    ...readdirSync(join(STACK_DIR, 'prometheus/rules')).map((name) => `prometheus/rules/${name}`),
    'alertmanager/alertmanager.yml',
    'blackbox/blackbox.yml',
  ].map((path) => ({ path, text: readFileSync(join(STACK_DIR, path), 'utf8') }));

test('intervals, windows and for are divided; labels, annotations and comments are not', () => {
  const { files, resendDelay } = atSpeed(config(), 10);
  const [prometheus, rules] = files.map(({ text }) => parse(text));
  assert.equal(prometheus.global.scrape_interval, '1s500ms');
  assert.equal(prometheus.global.scrape_timeout, '1s');
  assert.equal(prometheus.scrape_configs[0].scrape_interval, '3s');
  assert.deepEqual(prometheus.global.external_labels, { for: '5m', chaos_speed: '10' });
  const [group] = rules.groups;
  assert.equal(group.interval, '3s');
  assert.equal(group.rules[0].expr, 'rate(x{for="5m"}[30s]) > 1');
  assert.equal(group.rules[0].for, '6s');
  assert.equal(group.rules[0].keep_firing_for, '12s');
  assert.deepEqual(group.rules[0].labels, { for: '5m' });
  assert.match(files[0]!.text, /# kept[\s\S]*# this too/);
  assert.equal(resendDelay, '6s');
});

test('at speed 1 only the label that states it is new', () => {
  const { files } = atSpeed(config(), 1);
  assert.deepEqual(parse(files[1]!.text), parse(RULES));
  const { external_labels: labels, ...rest } = parse(files[0]!.text).global;
  assert.equal(labels.chaos_speed, '1');
  assert.equal(rest.scrape_interval, '15s');
});

test('too fast a scrape is refused with its place and the highest speed', () => {
  const { problems, hint, exitCode } = refusal(20);
  assert.deepEqual(
    problems.map(({ file, line, column, message }) => [file, line, column, message]),
    [['prometheus/prometheus.yml', 3, 20, 'a scrape every 750ms is more often than once a second']],
  );
  assert.match(hint ?? '', /is 15$/);
  assert.equal(exitCode, 2);
});

test('a window of fewer than four scrapes is refused', () => {
  const { problems } = refusal(2, RULES.replace('[5m]', '[45s]'));
  assert.match(problems[0]?.message ?? '', /holds fewer than 4 scrapes/);
});

test('no number from 1 on is no speed', () => {
  for (const speed of [0, -1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])
    assert.equal(refusal(speed).exitCode, 2);
});

test('the lab’s own configuration can run from 1 to 15, and no faster', () => {
  const files = own();
  for (const speed of [1, 10, 15]) assert.equal(atSpeed(files, speed).files.length, files.length);
  assert.throws(() => atSpeed(files, 16), ChaosError);
});

test('the lab’s own files at speed 1 are as written, to the byte, but for the label', () => {
  for (const { path, text } of own()) {
    const [file] = atSpeed([{ path, text }], 1).files;
    assert.equal(file!.text.replace('    chaos_speed: "1"\n', ''), text, path);
  }
});

test('every route is divided, and only what Alertmanager counts in lab time', () => {
  const text = `global: { resolve_timeout: 5m, smtp_hello: 5m }
route:
  receiver: a
  group_wait: 0s
  group_interval: 5m # trap
  repeat_interval: 4h
  routes:
    - match: { group_wait: 5m }
      group_wait: 30s
      routes:
        - repeat_interval: 1h
receivers:
  - name: a
    webhook_configs: [{ url: http://a, timeout: 5s }]
`;
  const [file] = atSpeed([{ path: 'alertmanager/alertmanager.yml', text }], 10).files;
  const config = parse(file!.text);
  assert.deepEqual(config.global, { resolve_timeout: '30s', smtp_hello: '5m' });
  assert.equal(config.route.group_wait, '0s');
  assert.equal(config.route.group_interval, '30s');
  assert.equal(config.route.repeat_interval, '24m');
  assert.deepEqual(config.route.routes, [
    { match: { group_wait: '5m' }, group_wait: '3s', routes: [{ repeat_interval: '6m' }] },
  ]);
  assert.equal(config.receivers[0].webhook_configs[0].timeout, '5s');
  assert.match(file!.text, /# trap/);
});

test('a module’s timeout is divided, and a header of that name is not', () => {
  const text = 'modules:\n  a.b: { prober: http, timeout: 5s, http: { headers: { timeout: 5s } } }\n';
  const [file] = atSpeed([{ path: 'blackbox/blackbox.yml', text }], 10).files;
  assert.deepEqual(parse(file!.text).modules['a.b'], {
    prober: 'http',
    timeout: '500ms',
    http: { headers: { timeout: '5s' } },
  });
});

test('other timeouts of Prometheus stay, and only its own file gets the label', () => {
  const text = 'global: { rule_query_offset: 1m }\nalerting: { alertmanagers: [{ timeout: 10s }] }\n';
  const files = [
    { path: 'prometheus/prometheus.yml', text },
    { path: 'prometheus/rules/prometheus.yml', text: 'groups: []\n' },
  ];
  const [config, rules] = atSpeed(files, 10).files.map((file) => parse(file.text));
  assert.equal(config.alerting.alertmanagers[0].timeout, '10s');
  assert.equal(config.global.rule_query_offset, '6s');
  assert.deepEqual(rules, { groups: [] });
});

test('a setting that is not there is written down divided, as the server’s default would not be', () => {
  const files = [
    { path: 'prometheus/prometheus.yml', text: 'global:\n  scrape_interval: 5s\n  external_labels:\n' },
    { path: 'alertmanager/alertmanager.yml', text: 'route: { receiver: a }\n' },
  ];
  const { files: rendered, scrapeMs, evaluationMs } = atSpeed(files, 5);
  const [prometheus, alertmanager] = rendered.map(({ text }) => parse(text));
  assert.deepEqual(prometheus.global, {
    scrape_interval: '1s',
    external_labels: { chaos_speed: '5' },
    scrape_timeout: '1s',
    evaluation_interval: '12s',
  });
  const route = { receiver: 'a', group_wait: '6s', group_interval: '1m', repeat_interval: '48m' };
  assert.deepEqual(alertmanager.route, route);
  assert.deepEqual([scrapeMs, evaluationMs], [1000, 12_000]);
});

test('every reason of a refusal is told at once, with the speed the fastest job allows', () => {
  const job = PROMETHEUS.replace('scrape_interval: 30s', 'scrape_interval: 6s');
  const files = [
    { path: 'prometheus/prometheus.yml', text: job },
    { path: 'prometheus/rules/g.yml', text: RULES.replace('[5m]', '[45s]') },
  ];
  const { problems, hint } = refusal(10, undefined, files);
  assert.deepEqual(
    problems.map(({ line, column, message }) => [line, column, message.split(' ').slice(0, 4).join(' ')]),
    [
      [9, 22, 'a scrape every 600ms'],
      [6, 32, 'a window of 45s'],
    ],
  );
  assert.match(hint ?? '', /interval of 6s is 6$/);
  assert.equal(refusal(2, RULES.replace('[5m]', '[45s]')).hint, undefined);
});

test('what cannot be read or divided is told with its place, and never left behind', () => {
  const bad = [
    { path: 'prometheus/prometheus.yml', text: 'global:\n  scrape_interval: often\n' },
    {
      path: 'prometheus/rules/g.yml',
      text: RULES.replace('for: 1m', 'for: 1 minute').replace('[5m]', '[1i]'),
    },
    { path: 'alertmanager/alertmanager.yml', text: 'route: [\n' },
  ];
  const { kind, problems } = refusal(1, undefined, bad);
  assert.equal(kind, 'bad-file');
  assert.deepEqual(
    problems.map(({ file, line, column }) => `${file.split('/').at(-1)}:${line}:${column}`).sort(),
    ['alertmanager.yml:2:1', 'g.yml:6:33', 'g.yml:7:14', 'prometheus.yml:2:20'],
  );
});

test('what containers mount can be read by any user', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-lab-'));
  t.after(() => rmSync(dir, { recursive: true }));
  const mask = process.umask(0o077);
  t.after(() => process.umask(mask));
  const { files, resendDelay, scrapeMs, evaluationMs } = renderLab(10);
  writeRendered(dir, files);
  assert.deepEqual([resendDelay, scrapeMs, evaluationMs], ['6s', 1500, 1500]);
  for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
    const stat = statSync(join(dir, name));
    assert.equal(stat.mode & 0o777, stat.isDirectory() ? 0o755 : 0o644, name);
  }
});

test('at any speed a resend delay is a whole number of milliseconds, rounded up', () => {
  assert.equal(atSpeed(config(), 7).resendDelay, '8s572ms');
});

test('the lab’s rules are read without a problem, with its intervals', () => {
  const { rules, cadence } = readStackRules();
  assert.ok(rules.alerts.some(({ name }) => name === 'InstanceDown'));
  assert.deepEqual(cadence, { scrapeMs: 15_000, scrapeTimeoutMs: 10_000, evaluationMs: 15_000 });
});
