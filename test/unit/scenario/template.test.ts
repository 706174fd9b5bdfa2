import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STACK_DIR } from '../../../src/core/paths.ts';
import { FAULTS } from '../../../src/faults/index.ts';
import { knownFromStack } from '../../../src/scenario/known.ts';
import { readScenario } from '../../../src/scenario/load.ts';
import { template } from '../../../src/scenario/template.ts';

const known = knownFromStack(STACK_DIR);
const read = (text: string) => readScenario(text, 'scenarios/x.yaml', known);
const draft = (type: string, over = {}) =>
  template({ name: 'x', fault: FAULTS.find((one) => one.type === type)!, schema: 's.json', ...over });

for (const { type, example } of FAULTS)
  test(`what chaos init writes of ${type} has no mistake, and its example in it`, () => {
    const { scenario, problems } = read(draft(type));
    assert.deepEqual(problems, []);
    const [step] = scenario!.timeline;
    assert.ok(step?.kind === 'fault' && step.type === type);
    for (const [field, value] of Object.entries(example)) assert.deepEqual(step.fields[field], value);
  });

test('an alert that certainly fires is expected, one that is named too, and else nothing', () => {
  const expected = (text: string) => read(text).scenario?.expect.map(({ alert, labels }) => [alert, labels]);
  assert.deepEqual(expected(draft('container-stop')), [['InstanceDown', { job: 'api' }]]);
  assert.deepEqual(expected(draft('container-kill', { target: 'redis-exporter' })), [
    ['InstanceDown', { job: 'redis' }],
  ]);
  assert.deepEqual(expected(draft('redis-stall', { alert: 'HighLatencyP95' })), [['HighLatencyP95', {}]]);
  assert.deepEqual(expected(draft('cpu-hog')), []);
});
