import assert from 'node:assert/strict';
import { test } from 'node:test';
import { labsBorne, schedule } from '../../../src/plan/schedule.ts';
import { readScenario } from '../../../src/scenario/load.ts';

const GIB = 2 ** 30;

function scenario(name: string, forText: string, fault = 'type: container-stop, target: api') {
  const text = `name: ${name}\ntitle: t\ntimeline:\n  - fault: { ${fault}, for: ${forText} }\nwatch: 1m\n`;
  return readScenario(text, `${name}.yaml`, {}).scenario!;
}

test('a lab a processor, as far as there is memory, and one at least', () => {
  assert.equal(labsBorne(2, 20 * GIB), 2);
  assert.equal(labsBorne(16, 3.5 * GIB), 3);
  assert.equal(labsBorne(1, 20 * GIB), 1);
  assert.equal(labsBorne(4, 0.2 * GIB), 1);
});

test('the longest first', () => {
  const { together, alone } = schedule([
    scenario('short', '1m'),
    scenario('long', '9m'),
    scenario('mid', '3m'),
  ]);
  assert.deepEqual(
    together.map(({ name }) => name),
    ['long', 'mid', 'short'],
  );
  assert.deepEqual(alone, []);
});

test('what is felt on the whole machine runs alone', () => {
  const { together, alone } = schedule([scenario('hog', '9m', 'type: cpu-hog'), scenario('stop', '1m')]);
  assert.deepEqual(
    [together, alone].map((some) => some.map(({ name }) => name)),
    [['stop'], ['hog']],
  );
});
