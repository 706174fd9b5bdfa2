import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { ChaosError } from '../../../src/core/errors.ts';
import { findScenario, listScenarioFiles } from '../../../src/scenario/find.ts';
import { knownFromStack } from '../../../src/scenario/known.ts';
import { checkScenarios, loadScenario } from '../../../src/scenario/load.ts';
import { file, KNOWN, STOP } from './support.ts';

/** A new folder with these files in it. */
function folder(files: Record<string, string>): string {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-scenario-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(dir, name, '..'), { recursive: true });
    writeFileSync(join(dir, name), text);
  }
  return dir;
}

/** What a call throws. */
function thrown(act: () => unknown): ChaosError {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof ChaosError, String(error));
    return error;
  }
  return assert.fail('did not throw');
}

test('a scenario is loaded, or every problem of its file is thrown', () => {
  const dir = folder({ 'x.yaml': file(STOP), 'bad/x.yaml': file(STOP.replace('1m', '1 m'), 'pas: 3\n') });
  assert.equal(loadScenario(join(dir, 'x.yaml'), KNOWN).name, 'x');
  const { kind, exitCode, problems } = thrown(() => loadScenario(join(dir, 'bad/x.yaml'), KNOWN));
  assert.deepEqual([kind, exitCode], ['bad-file', 2]);
  assert.deepEqual(
    problems.map(({ line, column }) => `${line}:${column}`),
    ['4:54', '7:1'],
  );
});

test('a file that cannot be read hides nothing of the others', () => {
  const dir = folder({
    'x.yaml': file(STOP),
    'y.yaml': file(STOP),
    'big.yaml': `#${'x'.repeat(1024 * 1024)}`,
  });
  const paths = ['none.yaml', 'big.yaml', 'y.yaml', 'x.yaml', '.'].map((name) => join(dir, name));
  const { scenarios, problems } = checkScenarios([...paths, '/dev/zero'], KNOWN);
  assert.deepEqual(
    scenarios.map(({ name }) => name),
    ['x'],
  );
  assert.deepEqual(
    problems.map(({ message }) => message.replace(/;.*/, '')),
    [
      'there is no such file',
      '1025 KiB',
      "name: x is not the file's name",
      'this is no file',
      'this is no file',
    ],
  );
});

test('a word is a scenario of ours, a path is taken as it is', () => {
  assert.match(findScenario('api-outage'), /scenarios[/\\]api-outage\.yaml$/);
  assert.equal(findScenario('no/such.yaml'), 'no/such.yaml');
  const { kind, hint } = thrown(() => findScenario('api-outag'));
  assert.equal(kind, 'usage');
  assert.match(hint ?? '', /^did you mean api-outage\? There are: api-outage, /);
});

test('a path near to a scenario names it', () => {
  const { problems } = thrown(() => loadScenario('scenarios/api-outag.yaml', KNOWN));
  assert.match(problems[0]?.hint ?? '', /^did you mean .*api-outage\.yaml\?$/);
});

test('a scenario of the current folder comes before ours of the same name', (t) => {
  const dir = folder({
    'scenarios/api-outage.yml': '',
    'scenarios/mine.yaml': '',
    'scenarios/notes.txt': '',
  });
  t.mock.method(process, 'cwd', () => dir);
  assert.equal(findScenario('api-outage'), join('scenarios', 'api-outage.yml'));
  const names = listScenarioFiles().map((path) => path.replace(/^.*[/\\]/, ''));
  assert.ok(names.includes('mine.yaml') && names.includes('high-load.yaml'), names.join());
  assert.ok(!names.includes('api-outage.yaml') && !names.includes('notes.txt'), names.join());
});

test('a stack says which services and alerts there are', () => {
  const rules = 'groups: [{ name: g, rules: [{ alert: Down, expr: up == 0 }, { record: a:b, expr: up }] }]';
  const dir = folder({
    'compose.yml': 'services: { api: {}, nginx: {} }',
    'prometheus/rules/a.yml': rules,
  });
  assert.deepEqual(knownFromStack(dir), { services: ['api', 'nginx'], alerts: ['Down'] });
});

test('what a stack does not say is not checked', () => {
  const nothing = { services: undefined, alerts: undefined };
  assert.deepEqual(knownFromStack('/no/such/stack'), nothing);
  for (const text of ['', 'a: [', 'services: 5'])
    assert.deepEqual(
      knownFromStack(folder({ 'compose.yml': text, 'prometheus/rules/a.yml': text })),
      nothing,
    );
  const dir = folder({ 'x.yaml': file(STOP.replace('api', 'anything')).replace('InstanceDown', 'Any') });
  assert.equal(loadScenario(join(dir, 'x.yaml'), nothing).expect[0]?.alert, 'Any');
});
