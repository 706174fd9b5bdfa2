import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { PACKAGE_DIR, STACK_DIR } from '../../src/core/paths.ts';
import { debianImage, officialImages } from '../../src/stack/images.ts';
import { readStackRules } from '../../src/stack/render.ts';
import { docker, lab } from '../support/lab.ts';

const TESTS = readdirSync(join(STACK_DIR, 'prometheus/tests')).map((name) => `/p/tests/${name}`);

/** promtool of the lab's own image, on a copy of stack/prometheus. */
function promtool(dir: string, ...args: string[]) {
  const official = officialImages().find(({ service }) => service === 'prometheus')!.image;
  const image = lab().images === 'official' ? official : debianImage();
  return docker('run', '--rm', '--volume', `${dir}:/p:ro`, '--entrypoint', 'promtool', image, ...args);
}

/** A readable copy with one change to a rule file. */
function changed(file: string, from: string, to: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-rules-'));
  cpSync(join(STACK_DIR, 'prometheus'), dir, { recursive: true });
  const path = join(dir, 'rules', file);
  const text = readFileSync(path, 'utf8');
  assert.ok(text.includes(from), from);
  writeFileSync(path, text.replace(from, to));
  return dir;
}

test('promtool finds nothing wrong with the rules, and every test of them passes', async () => {
  const dir = join(STACK_DIR, 'prometheus');
  const checked = await promtool(
    dir,
    'check',
    'rules',
    ...readdirSync(join(dir, 'rules')).map((name) => `/p/rules/${name}`),
  );
  assert.equal(checked.code, 0, checked.stdout + checked.stderr);
  const tested = await promtool(dir, 'test', 'rules', ...TESTS);
  assert.equal(tested.code, 0, tested.stdout + tested.stderr);
});

test('every alert and every recording rule has a promtool test', () => {
  const text = readdirSync(join(STACK_DIR, 'prometheus/tests'))
    .map((name) => readFileSync(join(STACK_DIR, 'prometheus/tests', name), 'utf8'))
    .join('\n');
  const { alerts, recordings } = readStackRules().rules;
  const names = [...alerts.map(({ name }) => name), ...recordings.map(({ record }) => record)];
  assert.deepEqual(
    names.filter((name) => !text.includes(name)),
    [],
  );
});

test('a changed for, threshold or window is noticed by the promtool tests', async () => {
  const mutants: [file: string, from: string, to: string, tests?: string][] = [
    ['infrastructure.yml', 'for: 1m', 'for: 2m'],
    ['application.yml', '> 50', '> 51'],
    ['application.yml', '* 100 > 5', '* 100 >= 4'],
    ['slo.yml', '< 0.995', '< 0.99'],
    ['burn-rate.yml', '> 6 *', '> 7 *', 'burn-rate-slow.yml'],
  ];
  for (const [file, from, to, tests = file] of mutants) {
    const path = `/p/tests/${tests.replace('.yml', '.test.yml')}`;
    const tested = await promtool(changed(file, from, to), 'test', 'rules', path);
    assert.notEqual(tested.code, 0, `${file}: ${to}`);
  }
});

test('defect 6: the documented availability is empty in a total outage, ours breaches', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-rules-'));
  cpSync(join(STACK_DIR, 'prometheus'), dir, { recursive: true });
  cpSync(join(PACKAGE_DIR, 'test/fixtures/documented/prometheus/rules/slo.yml'), join(dir, 'rules/slo.yml'));
  const outage = 'total outage';
  const text = readFileSync(join(dir, 'tests/slo.test.yml'), 'utf8');
  const only = text.split(/^ {2}- name: /m).filter((part, i) => i === 0 || part.includes(outage));
  assert.equal(only.length, 2, 'the promtool test of a total outage');
  writeFileSync(join(dir, 'tests/slo.test.yml'), only.join('  - name: '));
  assert.notEqual((await promtool(dir, 'test', 'rules', '/p/tests/slo.test.yml')).code, 0);
  cpSync(join(STACK_DIR, 'prometheus/rules/slo.yml'), join(dir, 'rules/slo.yml'));
  const ours = await promtool(dir, 'test', 'rules', '/p/tests/slo.test.yml');
  assert.equal(ours.code, 0, ours.stdout + ours.stderr);
});
