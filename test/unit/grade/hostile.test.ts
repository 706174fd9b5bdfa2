import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import { findFiles } from '../../../src/grade/find.ts';
import { changed, folderOf, gradeOf, OURS } from '../../support/grade.ts';

const MIB = 1024 * 1024;

function written(texts: Record<string, string>): string {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-submission-'));
  for (const [path, text] of Object.entries(texts)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), text);
  }
  return dir;
}

const ROLES = [
  'compose',
  'prometheus',
  'rules',
  'alertmanager',
  'blackbox',
  'datasources',
  'providers',
  'dashboard',
  'python',
  'nginx',
  'exposition',
];
/** One file of each kind. */
const GRADED = ROLES.map((role) => OURS.files.find((one) => one.role === role)!);

for (const { path } of GRADED) {
  test(`a broken ${path} costs points, and is no crash`, () => {
    for (const broken of ['', '\u0000\u0001', '{', '- [', '%', `${'['.repeat(5000)}`, 'a: &a [*a]']) {
      const grade = gradeOf(changed(OURS, path, () => broken));
      assert.ok(grade.score <= 100 && grade.score > 30, `${path}: ${grade.score}`);
      for (const { line, message } of grade.findings) assert.ok(line >= 1 && message.length > 0);
    }
  });
}

test('what is broken is told with its line', () => {
  const at = (path: string, from: string, to: string) =>
    gradeOf(changed(OURS, path, (text) => text.replace(from, to))).findings.map(
      ({ id, file, line }) => `${id} ${file}:${line}`,
    );
  assert.ok(
    at('compose.yml', '  nginx:\n', '  nginx: [\n').some((one) => /^broken-file compose\.yml:\d\d/.test(one)),
  );
  assert.ok(
    at('prometheus/prometheus.yml', '  - job_name: node', '  - job_name: [').some((one) =>
      /^broken-file prometheus\/prometheus\.yml:\d\d/.test(one),
    ),
  );
  assert.ok(
    at('grafana/dashboards/techshop.json', '"panels": [', '"panels": [,').some((one) =>
      /^broken-file grafana\/dashboards\/techshop\.json:\d\d/.test(one),
    ),
  );
  assert.ok(
    at('alertmanager/alertmanager.yml', 'receivers:', 'receivers: {').some((one) =>
      /^broken-file alertmanager\/alertmanager\.yml:\d/.test(one),
    ),
  );
});

test('nothing outside the folder is read: links are not followed, and are told of', () => {
  const secret = written({
    'docker-compose.yml': 'services: { nginx: { image: nginx:1.28 } }',
    'more/prometheus.yml': 'scrape_configs: []',
  });
  const dir = written({ 'README.md': 'x' });
  symlinkSync(join(secret, 'docker-compose.yml'), join(dir, 'docker-compose.yml'));
  symlinkSync(join(secret, 'more'), join(dir, 'prometheus'));
  symlinkSync(dir, join(dir, 'again'));
  const folder = findFiles(dir);
  assert.deepEqual(
    folder.files.map(({ path }) => path),
    ['README.md'],
  );
  assert.deepEqual(
    folder.problems.map(({ file, message }) => `${file}: ${message}`),
    [
      'again: a link, which is not followed',
      'docker-compose.yml: a link, which is not followed',
      'prometheus: a link, which is not followed',
    ],
  );
  assert.equal(gradeOf(folder).score, 0);
});

test('what is too large, too deep or too much is not read, and told of', () => {
  const deep = `${Array.from({ length: 20 }, () => 'd').join('/')}/compose.yml`;
  const dir = written({ 'huge.json': `{"panels": [${' '.repeat(2 * MIB)}]}`, [deep]: 'services: {}' });
  const folder = findFiles(dir);
  assert.deepEqual(folder.files, []);
  assert.match(folder.problems.map(({ message }) => message).join('; '), /nested too deeply; 2049 KiB/);
});

test('a folder of many files comes to an end', () => {
  const texts = Object.fromEntries(Array.from({ length: 5100 }, (_, i) => [`f${i}.txt`, 'x']));
  const { problems } = findFiles(written(texts));
  assert.deepEqual(
    problems.map(({ message }) => message),
    ['more than 5000 files; the rest is not read'],
  );
});

test('of several files the nearest is taken, and said; an overlay is not', () => {
  const compose = (image: string) => `services:\n  nginx:\n    image: ${image}\n`;
  const grade = gradeOf(
    folderOf({
      'old/docker-compose.yml': compose('nginx:1.0'),
      'docker-compose.yml': compose('nginx:1.28.0'),
      'docker-compose.debug.yml': compose('nginx:latest'),
    }),
  );
  assert.deepEqual(grade.files, [{ role: 'compose', file: 'docker-compose.yml' }]);
  assert.ok(!grade.findings.some(({ id }) => id === 'unpinned-image'));
});

test('a query that nests without end is no query', () => {
  const expr = `${'('.repeat(5000)}http_requests_total${')'.repeat(5000)}`;
  const grade = gradeOf(
    changed(OURS, 'grafana/dashboards/techshop.json', (text) =>
      text.replaceAll(/"expr": ".*"/g, `"expr": "${expr}"`),
    ),
  );
  assert.equal(grade.findings.filter(({ id }) => id === 'bad-query').length, 13);
});

test('a program that nests without end is told of, and not read', () => {
  for (const nested of [
    '('.repeat(20_000),
    `x = ${'['.repeat(10_000)}${']'.repeat(10_000)}`,
    '-'.repeat(20_000),
  ]) {
    const grade = gradeOf(changed(OURS, 'app/api.py', () => nested));
    assert.ok(
      grade.unread.some((one) => one.startsWith('app/api.py:1: ')),
      grade.unread.join(),
    );
  }
});

test('names that are no words are names', () => {
  const service = '__proto__';
  const grade = gradeOf(
    folderOf({
      'compose.yml': `services:\n  ${service}:\n    image: "x:latest"\n  constructor:\n    image: nginx\n    environment: { __proto__: a, PASSWORD: b }\n`,
      'dashboards/a.json':
        '{"panels":[{"title":{"toString":1},"type":[],"targets":[{"expr":{}}],"fieldConfig":7}]}',
    }),
  );
  assert.ok(grade.score < 20);
});
