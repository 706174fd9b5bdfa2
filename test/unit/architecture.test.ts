import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { test } from 'node:test';
import { PACKAGE_DIR } from '../../src/core/paths.ts';
import { FAULTS } from '../../src/faults/index.ts';
import { FINDERS } from '../../src/plan/findings/index.ts';
import { STEPS } from '../../src/runbook/steps/index.ts';

/** A room may import from itself and from those of the rows above its own. Drawn in ARCHITECTURE.md. */
const ROWS = [
  ['core'],
  ['docker', 'rules', 'load'],
  ['faults', 'observe'],
  ['scenario', 'stack', 'undo'],
  ['plan', 'runbook', 'notify'],
  ['run'],
  ['verdict'],
  ['report', 'replay'],
  ['grade'],
  ['gameday'],
  ['cli'],
];
/** Packages that one room alone may import. */
const OWNED: Record<string, string> = {
  dockerode: 'docker',
  'docker-compose': 'docker',
  autocannon: 'load',
  yargs: 'cli',
  chalk: 'cli',
  'log-update': 'cli',
};

const SRC = join(PACKAGE_DIR, 'src');
const files = (dir: string) =>
  readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(dir, name));
const sources = files(SRC).map((file) => ({
  file,
  name: relative(SRC, file),
  text: readFileSync(file, 'utf8'),
}));
const roomOf = (file: string) => relative(SRC, file).split('/')[0] ?? '';
const rowOf = (room: string) => ROWS.findIndex((row) => row.includes(room));
const imports = (text: string) =>
  [...text.matchAll(/(?:from|import\()\s*'([^']+)'/g)].map((match) => match[1]!);

test('rooms import only from earlier rooms', () => {
  const wrong = sources.flatMap(({ file, name, text }) =>
    imports(text)
      .filter((path) => path.startsWith('.'))
      .map((path) => roomOf(join(dirname(file), path)))
      .filter((room) => room !== roomOf(file) && rowOf(room) >= rowOf(roomOf(file)))
      .map((room) => `${name} imports from ${room}`),
  );
  assert.deepEqual(wrong, []);
});

test('every room has its row', () => {
  assert.deepEqual([...new Set(sources.map(({ file }) => roomOf(file)))].sort(), ROWS.flat().sort());
});

test('a package that acts on the world belongs to one room', () => {
  const wrong = sources.flatMap(({ file, name, text }) =>
    imports(text)
      .map((path) => path.split('/')[0]!)
      .filter((owned) => OWNED[owned] && OWNED[owned] !== roomOf(file))
      .map((owned) => `${name} imports ${owned}`),
  );
  assert.deepEqual(wrong, []);
});

/** Text that a browser runs. */
const IN_BROWSERS = ['gameday/page/program.ts'];

test('time is read and passed through the clock alone', () => {
  const wrong = sources
    .filter(({ name }) => name !== 'core/clock.ts' && !IN_BROWSERS.includes(name))
    .filter(({ text }) => /\bDate\.now\(|\bsetTimeout\(|\bsetInterval\(|new Date\(\)/.test(text))
    .map(({ name }) => name);
  assert.deepEqual(wrong, []);
});

test('only the command line prints or ends the process', () => {
  const wrong = sources
    .filter(({ file }) => roomOf(file) !== 'cli')
    .filter(({ text }) => /\bconsole\.|process\.(stdout|stderr|exit)/.test(text))
    .map(({ name }) => name);
  assert.deepEqual(wrong, []);
});

test('no file is longer than 250 lines', () => {
  const all = [...sources.map(({ file }) => file), ...files(join(PACKAGE_DIR, 'test'))];
  const long = all
    .filter((file) => readFileSync(file, 'utf8').split('\n').length > 251)
    .map((file) => relative(PACKAGE_DIR, file));
  assert.deepEqual(long, []);
});

test('every fault is in the list, under the name of its file', () => {
  const notFaults = ['index.ts', 'fault.ts', 'containers.ts', 'nginx-pin.ts', 'postgres.ts', 'redis.ts'];
  const named = readdirSync(join(SRC, 'faults')).filter((name) => !notFaults.includes(name));
  assert.deepEqual(
    named.map((name) => name.replace(/\.ts$/, '')).sort(),
    FAULTS.map(({ type }) => type).sort(),
  );
});

test('every step of a runbook is in the list, under the name of its file', () => {
  const named = readdirSync(join(SRC, 'runbook/steps')).filter((name) => name !== 'index.ts');
  assert.deepEqual(
    named.map((name) => name.replace(/\.ts$/, '')).sort(),
    STEPS.map(({ type }) => type).sort(),
  );
});

test('every kind of finding is in the list, under the name of its file, and in the documents', () => {
  const helpers = ['finding.ts', 'in-flight.ts', 'index.ts', 'reading.ts'];
  const named = readdirSync(join(SRC, 'plan/findings')).filter((name) => !helpers.includes(name));
  assert.deepEqual(named.map((name) => name.replace(/\.ts$/, '')).sort(), Object.keys(FINDERS).sort());
  const document = readFileSync(join(PACKAGE_DIR, 'docs/plan.md'), 'utf8');
  for (const kind of Object.keys(FINDERS)) assert.ok(document.includes(`| \`${kind}\` |`), kind);
});

test('what plans and help load never brings in Docker, load or HTTP clients', () => {
  const heavy = ['pg', 'ioredis', 'dockerode', 'docker-compose', 'autocannon', 'axios'];
  const seen = new Set<string>();
  const visit = (file: string): void => {
    if (seen.has(file)) return;
    seen.add(file);
    const text = sources.find((source) => source.file === file)?.text ?? '';
    // Type imports and imports inside a handler load nothing at the start.
    for (const match of text.matchAll(/^import (?!type)[^;]*?from '([^']+)'/gms)) {
      const path = match[1]!;
      if (path.startsWith('.')) visit(join(dirname(file), path));
      else seen.add(path);
    }
  };
  const planned = ['plan/plan.ts', 'plan/findings/index.ts', 'cli/plan-inputs.ts', 'stack/render.ts'];
  for (const file of ['cli/main.ts', 'cli/scenarios.ts', ...planned]) visit(join(SRC, file));
  assert.deepEqual(
    heavy.filter((name) => seen.has(name)),
    [],
  );
});
