import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { FAULTS } from '../../src/faults/index.ts';
import { SIGNALS, SOME_ACT, SWEPT, type Swept, stateBefore, sweepOne } from '../support/sweep.ts';

// A part of `npm run sweep`, which takes every point and every signal: of each fault one of the moments at
// which most is in force, in turn.

const all: Swept[] = [];

/** Something is done, and nobody knows yet what came of it; its effect was seen. */
const POINTS = [SOME_ACT, 'inject: after effective'];

test('every fault is swept', () => {
  assert.deepEqual(Object.keys(SWEPT).sort(), FAULTS.map(({ type }) => type).sort());
});

for (const [index, type] of Object.keys(SWEPT).entries())
  test(`${type}: killed in the middle, all is as before`, async () => {
    const before = await stateBefore(type);
    const point = POINTS[index % 2]!;
    // The one that nobody can catch where most is in force, and elsewhere the signals in turn.
    const signal = index % 2 === 1 ? 'SIGKILL' : SIGNALS[(index / 2) % 3]!;
    const swept = await sweepOne(type, point, signal, before);
    all.push(swept);
    assert.equal(swept.broken, '', `${point}, ${signal}`);
    assert.ok(swept.reached, `${point}, ${signal}: not reached`);
  });

after(() => {
  const reached = all.filter((one) => one.reached);
  const worst = Math.max(...reached.map(({ tookMs }) => tookMs));
  process.stdout.write(
    `swept ${reached.length} of ${all.length} cases, the worst as before after ${worst} ms\n`,
  );
});
