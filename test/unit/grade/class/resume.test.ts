import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { PACKAGE_DIR } from '../../../../src/core/paths.ts';
import { openStore, parseKept } from '../../../../src/grade/class/store.ts';
import { readRubric } from '../../../../src/grade/rubric.ts';
import { begun, classOf, gradeAll, gradeWith } from '../../../support/class.ts';

const EIGHT = ['ann', 'bob', 'cy', 'dee', 'eve', 'fay', 'gil', 'hal'];
const TWO_ROOMS = `hosts:
  room-a: { at: unix:///a.sock, limit: 1 }
  room-b: { at: unix:///b.sock, limit: 2 }
stacks:
${EIGHT.map((name, i) => `  - { name: ${name}, host: room-${i % 2 ? 'a' : 'b'}, project: ${name} }`).join('\n')}
`;

/** The process of a class, and the lines that it has written. */
function start(dir: string, ms: number) {
  const program = join(PACKAGE_DIR, '.build/test/support/class-process.js');
  const child = spawn(process.execPath, [program, dir, String(ms)], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  let errors = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    errors += chunk;
  });
  return { child, lines: () => text.split('\n').slice(0, -1), errors: () => errors };
}

const names = (lines: readonly string[], word: string) =>
  lines.filter((line) => line.startsWith(word)).map((line) => line.split(' ').at(-1)!);

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
  return child.exitCode;
}

test('kill -9 in the middle: what was done is not graded again, and in the end everybody is, once', async () => {
  const { dir, out } = classOf(TWO_ROOMS);
  const first = start(dir, 150);
  for (let i = 0; i < 3000 && names(first.lines(), 'graded').length < 3; i++) await pause(10);
  first.child.kill('SIGKILL');
  await ended(first.child);
  const done = names(first.lines(), 'graded');
  assert.ok(done.length >= 3 && done.length < EIGHT.length, first.lines().join());
  assert.ok(existsSync(join(out, 'lock')), 'it was killed while it held the class');

  const second = start(dir, 1);
  assert.equal(await ended(second.child), 0, second.errors());
  const again = names(second.lines(), 'begun');
  assert.deepEqual(
    again.filter((name) => done.includes(name)),
    [],
    'nothing is graded twice',
  );
  const kept = names(second.lines(), 'kept');
  assert.deepEqual([...kept, ...names(second.lines(), 'graded')].sort(), EIGHT);
  assert.ok(done.every((name) => kept.includes(name)));
  assert.deepEqual(
    readdirSync(out).sort(),
    EIGHT.map((name) => `${name}.json`),
  );
});

test('killed while it writes, at whatever moment, it leaves whole grades and nothing else that counts', async () => {
  const { dir, out } = classOf(TWO_ROOMS);
  let cut = 0;
  for (let round = 0; round < 6; round++) {
    const run = start(dir, 0);
    for (let i = 0; i < 15_000 && names(run.lines(), 'begun').length < 1 && run.child.exitCode === null; i++)
      await pause(2);
    await pause(round * 3);
    run.child.kill('SIGKILL');
    await ended(run.child);
    cut += names(run.lines(), 'begun').length > names(run.lines(), 'graded').length ? 1 : 0;
    for (const name of readdirSync(out).filter((one) => one.endsWith('.json')))
      assert.ok(parseKept(readFileSync(join(out, name), 'utf8')), `${name} is whole`);
  }
  assert.ok(cut > 0, 'at least one was killed on its way');
  const last = start(dir, 0);
  assert.equal(await ended(last.child), 0, last.errors());
  assert.deepEqual(
    readdirSync(out).sort(),
    EIGHT.map((name) => `${name}.json`),
  );
});

test('Ctrl-C ends what is under way, keeps what is finished, and leaves the class to the next', async () => {
  const { dir, out } = classOf(TWO_ROOMS);
  const first = start(dir, 200);
  for (let i = 0; i < 3000 && names(first.lines(), 'graded').length < 1; i++) await pause(10);
  first.child.kill('SIGINT');
  assert.equal(await ended(first.child), 0, first.errors());
  const done = names(first.lines(), 'graded');
  assert.deepEqual(readdirSync(out).sort(), done.map((name) => `${name}.json`).sort());
  assert.ok(names(first.lines(), 'not (interrupted').length > 0, first.lines().join());
});

test('of two at once on one class the second is refused, and told by whom', async () => {
  const { dir, out } = classOf(TWO_ROOMS);
  const first = start(dir, 2000);
  for (let i = 0; i < 3000 && first.lines().length === 0; i++) await pause(10);
  await assert.rejects(openStore(out), {
    kind: 'not-ready',
    message: `This class is being graded already, by process ${first.child.pid}.`,
  });
  const second = start(dir, 0);
  assert.notEqual(await ended(second.child), 0);
  assert.deepEqual(second.lines(), []);
  first.child.kill('SIGKILL');
  await ended(first.child);
  await (await openStore(out)).close();
  assert.ok(!existsSync(join(out, 'lock')));
});

const FILES = { 'README.md': '# SLOs\n99.5 %\n' };
const THREE = `stacks:\n${['ann', 'bob', 'cy'].map((name) => `  - { name: ${name}, dir: ${name} }\n`).join('')}`;

test('a submission, an entry, the rubric, the language or the program that has changed is graded again, and no other', async () => {
  const made = classOf(THREE, { ann: FILES, bob: FILES, cy: FILES });
  const run = async (more = {}) => begun((await gradeAll(made, async () => gradeWith(80), more)).events);
  assert.deepEqual(await run(), ['ann', 'bob', 'cy']);
  assert.deepEqual(await run(), []);
  writeFileSync(join(made.dir, 'bob', 'README.md'), '# SLOs\n99.9 %\n');
  assert.deepEqual(await run(), ['bob']);
  // A file that only has to be there.
  writeFileSync(join(made.dir, 'cy', 'seed.sql'), '');
  assert.deepEqual(await run(), ['cy']);
  mkdirSync(join(made.dir, 'ann2'));
  writeFileSync(join(made.dir, 'ann2', 'README.md'), FILES['README.md']);
  writeFileSync(made.file, THREE.replace('dir: ann', 'dir: ann2'));
  assert.deepEqual(await run(), ['ann']);
  assert.deepEqual(await run({ again: new Set(['cy']) }), ['cy']);
  assert.deepEqual(await run(), []);
  const rubric = readRubric();
  for (const more of [{ rubric: { ...rubric, pass: 60 } }, { lang: 'fr' }, { version: '2' }]) {
    assert.deepEqual(await run(more), ['ann', 'bob', 'cy']);
    assert.deepEqual(await run(more), []);
  }
});

test('a kept grade that somebody has broken, or has put under another name, is no grade', async () => {
  const made = classOf(THREE, { ann: FILES, bob: FILES, cy: FILES });
  const run = async () => begun((await gradeAll(made, async () => gradeWith(80))).events);
  await run();
  const text = readFileSync(join(made.out, 'ann.json'), 'utf8');
  writeFileSync(join(made.out, 'ann.json'), text.slice(0, text.length / 2));
  writeFileSync(join(made.out, 'bob.json'), text);
  assert.deepEqual(await run(), ['ann', 'bob']);
});
