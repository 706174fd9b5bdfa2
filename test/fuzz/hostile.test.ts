import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { decodeSamples, textOfSamples } from '../../src/report/samples.ts';
import { readExposition } from '../../src/rules/exposition.ts';
import { satisfies } from '../../src/rules/expression.ts';
import { readPrometheusConfig } from '../../src/rules/prometheus-config.ts';
import { readRuleFiles } from '../../src/rules/rule-files.ts';
import { chaos } from '../support/chaos.ts';
import { examine, TARGETS } from '../support/fuzz-targets.ts';

const target = (name: string) => TARGETS.find((one) => one.name === name)!;
const YAML = TARGETS.filter(({ as }) => as === 'yaml');
const MIB = 1024 * 1024;
const group = (rules: string[]) => `groups:\n  - name: g\n    rules:\n${rules.join('')}`;
const record = (name: string, expr: string) => `      - { record: '${name}', expr: '${expr}' }\n`;

/** Writes a file, and says where. */
function written(name: string, text: string | Buffer): string {
  const file = join(mkdtempSync(join(tmpdir(), 'chaos-hostile-')), name);
  writeFileSync(file, text);
  return file;
}

test('YAML that grows without end, or leads to itself, is refused by every reader', () => {
  const names = 'abcdefghijklmnop'.split('');
  const bomb = names.map((name, i) => {
    const before = i === 0 ? '"lol"' : `*${names[i - 1]}`;
    return `${name}: &${name} [${Array.from({ length: 9 }, () => before).join(', ')}]\n`;
  });
  for (const one of YAML) {
    assert.equal(examine(one, bomb.join('')), 'refused', one.name);
    assert.equal(examine(one, 'a: &a { b: *a }\n'), 'refused', one.name);
    assert.equal(examine(one, `x: &x 1\ny: [${'*x, '.repeat(30_000)}]\n`), 'refused', one.name);
  }
});

test('nesting without end is refused by every reader', () => {
  for (const one of YAML) {
    for (const open of ['[', '{a: ', '- '])
      for (const depth of [300, 30_000]) assert.equal(examine(one, `a:\n  ${open.repeat(depth)}`), 'refused');
    assert.equal(examine(one, `${'['.repeat(300)}${']'.repeat(300)}`), 'refused');
  }
  for (const depth of [300, 300_000]) {
    assert.equal(examine(target('record'), `{"a":${'['.repeat(depth)}${']'.repeat(depth)}}`), 'refused');
    assert.equal(examine(target('record'), '{"a":'.repeat(depth)), 'refused');
  }
});

test('an expression that nests, chains or is long without end is refused, where it stands', () => {
  for (const expr of [
    `${'('.repeat(20_000)}up${')'.repeat(20_000)}`,
    `up${' + up'.repeat(5000)}`,
    `-`.repeat(30_000),
    `up{a="${'x'.repeat(100_000)}"}`,
  ])
    assert.equal(examine(target('rules'), group([`      - { alert: A, expr: '${expr}' }\n`])), 'refused');
  assert.equal(examine(target('rules'), group([record('a', `up${' + up'.repeat(200)}`)])), 'accepted');
});

test('recording rules that read each other over too many ways are refused', () => {
  const chain = (length: number, expr: (before: string) => string) =>
    group(Array.from({ length }, (_, i) => record(`r${i + 1}`, i === 0 ? 'up' : expr(`r${i}`))));
  const read = target('rules');
  assert.equal(
    examine(
      read,
      chain(40, (before) => before),
    ),
    'accepted',
  );
  assert.equal(
    examine(
      read,
      chain(5000, (before) => before),
    ),
    'refused',
  );
  assert.equal(
    examine(
      read,
      chain(40, (before) => `${before} + ${before}`),
    ),
    'refused',
  );
  const all = Array.from({ length: 30 }, (_, i) => `r${i}`);
  assert.equal(examine(read, group(all.map((name) => record(name, all.join(' + '))))), 'refused');
  assert.equal(examine(read, group([record('r', 'r + 1')])), 'accepted');
});

test('a pattern is matched in the time its length takes, in the grammar of Prometheus', () => {
  const began = performance.now();
  const matcher = { label: 'a', op: '=~', value: '(a+)+(a+)+$' } as const;
  assert.equal(satisfies(`${'a'.repeat(5000)}!`, matcher), false);
  assert.ok(performance.now() - began < 5000);
  assert.equal(satisfies('AB', { ...matcher, value: '(?i)ab' }), true);
  assert.equal(satisfies('a\nb', { ...matcher, value: 'a.b' }), true);
  assert.equal(satisfies('ab', { ...matcher, value: 'a' }), false);
  assert.equal(satisfies('a', { ...matcher, value: '(?=a)a' }), undefined);
});

test('files of 10 MB are read or refused, in seconds', () => {
  const began = performance.now();
  const line = `http_requests_total{path="/x",status="200"} 1\n`;
  const big = readExposition(written('metrics.txt', line.repeat((10 * MIB) / line.length)));
  assert.equal(big.problems.length, 0);
  const wrong = readExposition(written('metrics.txt', '!\n'.repeat(5 * MIB)));
  assert.equal(wrong.problems.length, 101);
  const rules = readRuleFiles(written('rules.yml', `# ${'x'.repeat(78)}\n`.repeat((10 * MIB) / 81)));
  assert.equal(rules.problems.length, 1);
  const huge = readPrometheusConfig(written('prometheus.yml', Buffer.alloc(17 * MIB, '#')));
  assert.match(huge.problems[0]!.message, /^17408 KiB; a prometheus\.yml has at most 16384$/);
  assert.equal(examine(target('record'), `{"a":"${'x'.repeat(10 * MIB)}"}`), 'refused');
  assert.equal(examine(target('scenario'), `name: x\ntitle: ${'x'.repeat(MIB)}\n`), 'refused');
  assert.ok(performance.now() - began < 30_000);
});

test('samples that grow without end are refused', () => {
  const note = { file: 'samples.json.gz', sha256: '', series: 1, points: 1 } as const;
  assert.equal(textOfSamples(gzipSync(Buffer.alloc(130 * MIB), { level: 1 }), note), undefined);
  const sound = { fromMs: 0, toMs: 1, asked: [], groups: [], series: [] as unknown[] };
  const refuses = (samples: unknown) =>
    assert.throws(() => decodeSamples(JSON.stringify(samples)), { kind: 'bad-file' });
  refuses({ ...sound, series: [[{}, 0, [[1, 1e9]], [['1', 1e9]]]] });
  refuses({ ...sound, series: [[{}, 0, [], [['1', 2]]]] });
  refuses({ ...sound, series: [[{}, 0, [1, 'x'], ['1', '2', '3']]] });
  refuses([]);
  assert.throws(() => decodeSamples('{'), { kind: 'bad-file' });
  assert.equal(decodeSamples(JSON.stringify(sound)).series.length, 0);
});

test('the command line exits 2 with a place and no stack trace, whatever the file', () => {
  const hostile = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202e<b>&';
  const quoted = JSON.stringify(hostile);
  const files = [
    ['validate', written('x.yaml', `name: x\ntitle: ${quoted}\n${quoted}: 1\n`)],
    ['validate', written('x.yaml', Buffer.from([0xff, 0xfe, 0x00, 0xd8, 0x0a, 0x3a]))],
    ['run', written('x.yaml', `name: x\ntitle: t\n__proto__: { polluted: true }\n`)],
    [
      'plan',
      'api-outage',
      '--rules',
      written('r.yml', `groups:\n  - name: ${quoted}\n    rules: [{ ${quoted}: 1 }]\n`),
    ],
    ['plan', 'api-outage', '--prometheus-config', written('p.yml', `scrape_configs: ${quoted}\n`)],
    ['plan', 'api-outage', '--app-metrics', written('m.txt', `${hostile}\n`)],
    ['regrade', written('run.json', `{"schemaVersion": 2, ${quoted}: ${quoted}}`)],
    ['regrade', written('run.json', `{"a": ${hostile}}`)],
  ];
  for (const args of files) {
    const { status, stdout, stderr } = chaos(...args);
    assert.equal(status, 2, `${args.join(' ')}: ${stderr}`);
    assert.match(stderr, /^\S+:\d+:\d+: /m, args.join(' '));
    assert.doesNotMatch(stderr, /^\s+at /m);
    assert.doesNotMatch((stdout + stderr).replaceAll('\n', ''), /[\p{Cc}\u2028-\u202e]/u);
  }
});
