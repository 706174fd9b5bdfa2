import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { systemClock } from '../../../src/core/clock.ts';
import type { ChaosError } from '../../../src/core/errors.ts';
import { isAlive, ownIdentity, pidOf } from '../../../src/core/process-identity.ts';
import { findJournals, parseJournal } from '../../../src/undo/entries.ts';
import { ACTIVE, Journal, takeOver } from '../../../src/undo/journal.ts';
import { activeRun, requireIdle } from '../../../src/undo/recover.ts';

const folder = () => mkdtempSync(join(tmpdir(), 'chaos-journal-'));
const intent = (id: string) => ({ id, type: 'container-stop', note: { target: 'api' }, deadline: 1e12 });
/** Of a process that is gone: nobody has the number 0. */
const DEAD = '0-1-deadbeef';
const begin = (owner: string) =>
  `${JSON.stringify({ entry: 'begin', owner, scenario: 'api-outage', at: '2026-01-01T00:00:00.000Z' })}\n`;

test('what is intended is on disk before it may be done, and gone once all is taken back', async () => {
  const dir = folder();
  const journal = (await Journal.begin(dir, 'api-outage', systemClock))!;
  const first = await journal.intend(intent('one'));
  const second = await journal.intend(intent('two'));
  await journal.effective(first);
  const open = async () => (await findJournals(dir))[0]?.open.map(({ id, inFlight }) => [id, inFlight]);
  assert.deepEqual(await open(), [
    ['two', true],
    ['one', false],
  ]);
  await journal.undone(second);
  assert.deepEqual(await open(), [['one', false]]);
  await journal.undone(first);
  await journal.end();
  assert.deepEqual(readdirSync(dir), []);
});

test('what is not taken back stays for whoever comes next', async () => {
  const dir = folder();
  const journal = (await Journal.begin(dir, 'api-outage', systemClock))!;
  await journal.intend(intent('one'));
  await journal.end();
  assert.deepEqual(readdirSync(dir), [ACTIVE]);
});

test('a second run on a lab is refused, and told of the first', async () => {
  const dir = folder();
  await Journal.begin(dir, 'api-outage', systemClock);
  assert.equal(await Journal.begin(dir, 'high-load', systemClock), undefined);
  await assert.rejects(requireIdle({ name: 'techshop', dir }), (error: ChaosError) => {
    assert.match(error.message, /api-outage is acting on the lab techshop/);
    assert.ok(error.message.includes(`process ${process.pid}`));
    return error.exitCode === 3;
  });
});

test('a disk that is full: nothing may be done', async () => {
  const dir = folder();
  // The kernel's own device: every write to it fails with ENOSPC.
  symlinkSync('/dev/full', join(dir, `acts.${ownIdentity()}.new`));
  await assert.rejects(Journal.begin(dir, 'api-outage', systemClock), (error: ChaosError) => {
    assert.match(error.message, /ENOSPC/);
    return error.exitCode === 3;
  });
  assert.deepEqual(await findJournals(dir), []);
});

test('of several who take a journal over, one succeeds; that of a living run is put back', async () => {
  const dir = folder();
  writeFileSync(join(dir, ACTIVE), begin(DEAD));
  const [found] = await findJournals(dir);
  const taken = await takeOver(found!);
  assert.ok(taken?.includes(ownIdentity()));
  assert.equal(await takeOver(found!), undefined);

  const journal = (await Journal.begin(dir, 'high-load', systemClock))!;
  // It still holds what lay there before.
  assert.equal(await takeOver(found!), undefined);
  assert.equal(await journal.isOurs(), true);
  assert.equal((await activeRun(dir))?.header.scenario, 'high-load');
});

test('a run whose journal was taken over may do nothing any more', async () => {
  const dir = folder();
  const journal = (await Journal.begin(dir, 'api-outage', systemClock))!;
  const [found] = await findJournals(dir);
  assert.ok(await takeOver(found!));
  await assert.rejects(journal.intend(intent('one')), (error: ChaosError) => error.exitCode === 5);
});

test('a line that was cut off is of an act that never was', () => {
  const whole = `${JSON.stringify({ entry: 'intent', act: 1, id: 'one', type: 'cpu-limit', note: {}, deadline: '2026-01-01T00:00:00.000Z' })}\n`;
  assert.equal(parseJournal(begin(DEAD) + whole)?.open.length, 1);
  assert.equal(parseJournal(begin(DEAD) + whole.slice(0, -20))?.open.length, 0);
  assert.equal(parseJournal(whole), undefined);
});

test('a journal that somebody spoilt is no journal, and a spoilt line no entry', async () => {
  const dir = folder();
  writeFileSync(join(dir, ACTIVE), '\u0000\u0001 not JSON');
  assert.deepEqual(await findJournals(dir), []);
  writeFileSync(join(dir, ACTIVE), begin(DEAD));
  appendFileSync(join(dir, ACTIVE), '{"entry":"intent","act":"one"}\n[]\nnull\n');
  assert.deepEqual((await findJournals(dir))[0]?.open, []);
  assert.ok(readFileSync(join(dir, ACTIVE)).length > 0);
});

test('a process is told from a later one of the same number', async () => {
  assert.equal(isAlive(ownIdentity()), true);
  assert.equal(pidOf(ownIdentity()), process.pid);
  assert.equal(isAlive(`${process.pid}-1-deadbeef`), false);
  assert.equal(isAlive(DEAD), false);
  const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  assert.equal(isAlive(String(child.pid)), false);
});
