import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { parse } from 'yaml';
import { ChaosError } from '../../../src/core/errors.ts';
import { STACK_DIR } from '../../../src/stack/paths.ts';
import { atSpeed } from '../../../src/stack/speed.ts';

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
const refusal = (speed: number, rules?: string) => {
  try {
    atSpeed(config(rules), speed);
  } catch (error) {
    if (error instanceof ChaosError) return error;
  }
  throw new assert.AssertionError({ message: `speed ${speed} was not refused` });
};

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
  const dir = join(STACK_DIR, 'prometheus/rules');
  const files = [
    'prometheus/prometheus.yml',
    ...readdirSync(dir).map((name) => `prometheus/rules/${name}`),
  ].map((path) => ({ path, text: readFileSync(join(STACK_DIR, path), 'utf8') }));
  for (const speed of [1, 10, 15]) assert.equal(atSpeed(files, speed).files.length, files.length);
  assert.throws(() => atSpeed(files, 16), ChaosError);
});
