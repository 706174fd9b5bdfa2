import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { ChaosError } from '../../../src/core/errors.ts';
import { newAccess, readAccess, writeAccess } from '../../../src/gameday/access.ts';
import { eventLine, parseLog } from '../../../src/gameday/events.ts';
import { begunIn, unfinished } from '../../../src/gameday/folder.ts';
import { EventLog, LOG_FILE } from '../../../src/gameday/log.ts';
import { stateOf } from '../../../src/gameday/state.ts';
import { firstDay, STORY, s } from './support.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'chaos-game-'));
const WHOLE = STORY.map(eventLine).join('');

async function written(dir: string) {
  const { log } = await EventLog.open(dir);
  for (const event of STORY) await log.append(event);
  await log.close();
  return join(dir, LOG_FILE);
}

test('what was appended is there again, and readable by its owner alone', async () => {
  const dir = folder();
  const file = await written(dir);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const { log, events } = await EventLog.open(dir);
  await log.close();
  assert.deepEqual(events, STORY);
});

test('wherever a crash cut the log, what was whole before is kept, and what follows can be read', async () => {
  const day = firstDay();
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 0, max: WHOLE.length }), async (cut) => {
      const dir = folder();
      writeFileSync(join(dir, LOG_FILE), WHOLE.slice(0, cut));
      const { log, events } = await EventLog.open(dir);
      assert.deepEqual(events, STORY.slice(0, WHOLE.slice(0, cut).split('\n').length - 1));
      const next = events.length === 0 ? STORY[0]! : ({ event: 'resumed', at: s(500) } as const);
      await log.append(next);
      await log.close();
      const again = parseLog(readFileSync(join(dir, LOG_FILE), 'utf8'));
      assert.deepEqual(again.events, [...events, next]);
      assert.equal(again.wrong, undefined);
      assert.doesNotThrow(() => stateOf(day, again.events));
    }),
    { numRuns: 60 },
  );
});

test('a line in the middle that is no event is no crash: it is refused, with its place', async () => {
  const dir = folder();
  const file = join(dir, LOG_FILE);
  const [first, second, ...rest] = STORY.map(eventLine);
  for (const wrong of ['{"event":"alert"}\n', 'x\n', first!]) {
    writeFileSync(file, [first, second, wrong, ...rest].join(''));
    await assert.rejects(EventLog.open(dir), (error: unknown) => {
      assert.ok(error instanceof ChaosError);
      assert.deepEqual([error.exitCode, error.problems[0]?.line], [2, 3]);
      return true;
    });
  }
});

test('the newest game day of a lab that is not over is found, and one that is over is not gone on with', async () => {
  const reports = folder();
  const names = ['2026-01-01T00-00-00-000Z-gameday-a', '2026-01-02T00-00-00-000Z-gameday-a'];
  for (const name of names) {
    await written(join(reports, name));
    await writeAccess(join(reports, name), newAccess('game', 1234));
  }
  assert.equal(await unfinished(reports, 'game'), join(reports, names[1]!));
  assert.equal(await unfinished(reports, 'other'), undefined);
  const last = join(reports, names[1]!);
  appendFileSync(join(last, LOG_FILE), eventLine({ event: 'interrupted', at: s(500) }));
  assert.equal(await unfinished(reports, 'game'), last);
  appendFileSync(join(last, LOG_FILE), eventLine({ event: 'over', at: s(600), how: 'played' }));
  assert.equal(await unfinished(reports, 'game'), join(reports, names[0]!));
  await assert.rejects(begunIn(last), /is over/);
  await assert.rejects(begunIn(join(reports, 'none')), /no game day/);
});

test('tokens are long, different, and readable by their owner alone', async () => {
  const dir = folder();
  const access = newAccess('game', 0);
  await writeAccess(dir, access);
  assert.equal(statSync(join(dir, 'access.json')).mode & 0o777, 0o600);
  assert.deepEqual(await readAccess(dir), access);
  assert.notEqual(access.team, access.facilitator);
  assert.ok(Buffer.from(access.team, 'base64url').length >= 16);
});
