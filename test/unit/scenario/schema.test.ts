import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PACKAGE_DIR, STACK_DIR } from '../../../src/core/paths.ts';
import { formatProblem } from '../../../src/core/problems.ts';
import { FAULTS } from '../../../src/faults/index.ts';
import { scheduleSchema } from '../../../src/gameday/schema.ts';
import { listScenarioFiles } from '../../../src/scenario/find.ts';
import { JSON_SCHEMAS, jsonSchema } from '../../../src/scenario/json-schema.ts';
import { knownFromStack } from '../../../src/scenario/known.ts';
import { checkScenarios } from '../../../src/scenario/load.ts';

const schemas: [name: string, schema: unknown][] = Object.entries(
  JSON.parse(JSON.stringify({ ...JSON_SCHEMAS, 'gameday.schema.json': jsonSchema(scheduleSchema) })),
);
const schema = schemas.find(([name]) => name === 'scenario.schema.json')![1];

/** Every `properties` of a schema, with its path. */
function* properties(node: unknown, path = ''): Generator<[path: string, schema: Record<string, unknown>]> {
  if (node === null || typeof node !== 'object') return;
  for (const [key, value] of Object.entries(node)) {
    if (key === 'properties')
      for (const [name, one] of Object.entries(value)) yield [`${path}.${name}`, one as never];
    yield* properties(value, `${path}.${key}`);
  }
}

test('the published JSON Schemas are up to date (npm run schema)', () => {
  for (const [name, one] of schemas)
    assert.deepEqual(one, JSON.parse(readFileSync(join(PACKAGE_DIR, 'docs', name), 'utf8')), name);
});

test('an editor can say what every key is for', () => {
  const all = schemas.flatMap(([, one]) => [...properties(one)]);
  assert.ok(all.length > 30);
  const silent = all.filter(([, { description }]) => typeof description !== 'string').map(([path]) => path);
  assert.deepEqual(silent, []);
});

test('every fault is in the JSON Schema', () => {
  const text = JSON.stringify(schema);
  for (const { type } of FAULTS) assert.ok(text.includes(`"const":"${type}"`), type);
});

test('every scenario of ours is without a problem, and begins with its schema', () => {
  const files = listScenarioFiles();
  assert.ok(files.length >= 2);
  const { scenarios, problems } = checkScenarios(files, knownFromStack(STACK_DIR));
  assert.deepEqual(problems.map(formatProblem), []);
  assert.equal(scenarios.length, files.length);
  for (const path of files) {
    const [first] = readFileSync(path, 'utf8').split('\n');
    assert.equal(first, '# yaml-language-server: $schema=../docs/scenario.schema.json', path);
  }
});
