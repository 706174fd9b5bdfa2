import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../../../src/core/clock.ts';
import type { ChaosError } from '../../../src/core/errors.ts';
import type { World } from '../../../src/faults/fault.ts';
import { findJournals } from '../../../src/undo/entries.ts';
import { Guard } from '../../../src/undo/guard.ts';
import { ACTIVE, takeOver } from '../../../src/undo/journal.ts';

/** Nothing here comes so far as to ask Docker. */
function world(): World {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-guard-'));
  return { lab: { name: 'unit', project: 'none', dir }, clock: systemClock } as World;
}
const intent = { id: 'one', type: 'cpu-limit', note: {}, deadline: Date.now() + 60_000 };
const children = () =>
  readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number);
const gone = async (pid: number) => {
  while (children().includes(pid)) await systemClock.sleep(20);
};

test('a reaper stands by before the first act, another takes the place of one that was killed, and none stays', async () => {
  const { lab, ...rest } = world();
  const guard = await Guard.begin({ lab, ...rest }, 'unit', () => {});
  assert.deepEqual(children(), []);
  const act = await guard.before(intent);
  const [first] = children();
  assert.ok(first);
  process.kill(first, 'SIGKILL');
  await gone(first);
  const other = await guard.before(intent);
  const [second] = children();
  assert.ok(second && second !== first);
  assert.equal((await findJournals(lab.dir))[0]?.open.length, 2);
  await act.undone();
  await other.undone();
  await guard.end();
  await gone(second);
  assert.deepEqual(readdirSync(lab.dir), []);
});

test('a run from which the reaper has taken the journal is told, and may do nothing more', async () => {
  const { lab, ...rest } = world();
  const guard = await Guard.begin({ lab, ...rest }, 'unit', () => {});
  const [found] = await findJournals(lab.dir);
  assert.ok(await takeOver(found!));
  while (!guard.lost.aborted) await systemClock.sleep(50);
  assert.equal((guard.lost.reason as ChaosError).exitCode, 5);
  await assert.rejects(guard.before(intent), (error: ChaosError) => error.exitCode === 5);
  await guard.end();
});

test('a file that is no journal is not passed over', async () => {
  const { lab, ...rest } = world();
  writeFileSync(join(lab.dir, ACTIVE), 'nothing that could be read');
  await assert.rejects(
    Guard.begin({ lab, ...rest }, 'unit', () => {}),
    (error: ChaosError) => error.exitCode === 3 && error.message.includes(ACTIVE),
  );
});
