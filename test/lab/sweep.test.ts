import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { FAULTS } from '../../src/faults/index.ts';
import { pointsOf, SIGNALS, SWEPT, type Swept, stateBefore, sweepOne } from '../support/sweep.ts';

// A part of `npm run sweep`, which takes every point and every signal: of each fault the moments between which
// something was written down, done, seen, and taken back.

const all: Swept[] = [];

/** The line is on disk; the last call of the act was made; its effect was seen; the undo is half done; and done. */
function chosen(points: readonly string[]): string[] {
  const inject = points.filter((point) => point.startsWith('inject: '));
  const undo = points.filter((point) => point.startsWith('undo: ') && !/ (undone|end)$/.test(point));
  const some = [
    'prepare: after intend',
    inject[inject.length >> 1],
    'inject: after effective',
    undo[undo.length >> 1],
  ];
  return some.flatMap((point) => point ?? []);
}

test('every fault is swept', () => {
  assert.deepEqual(Object.keys(SWEPT).sort(), FAULTS.map(({ type }) => type).sort());
});

for (const type of Object.keys(SWEPT))
  test(`${type}: killed in the middle, all is as before`, async () => {
    const before = await stateBefore(type);
    for (const [index, point] of chosen(await pointsOf(type)).entries()) {
      // The signals in turn, but the one that nobody can catch at the two points where most is in force.
      const signal = index === 1 || index === 2 ? 'SIGKILL' : SIGNALS[(index + all.length) % 3]!;
      const swept = await sweepOne(type, point, signal, before);
      all.push(swept);
      assert.equal(swept.broken, '', `${point}, ${signal}`);
    }
  });

after(() => {
  const reached = all.filter((one) => one.reached);
  const worst = Math.max(...reached.map(({ tookMs }) => tookMs));
  process.stdout.write(
    `swept ${reached.length} of ${all.length} cases, the worst as before after ${worst} ms\n`,
  );
});
