import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { ChaosError } from '../../../../src/core/errors.ts';
import { gradeEntry } from '../../../../src/grade/class/grade-one.ts';
import { begun, classOf, fakeHost, gradeAll, gradeWith } from '../../../support/class.ts';

const roster = (hosts: Record<string, number>, stacks: [string, string?][]) => {
  const engines = Object.entries(hosts).map(
    ([name, limit]) => `${name}: { at: 'unix:///${name}.sock', limit: ${limit} }`,
  );
  const lines = stacks.map(([name, host]) =>
    host ? `{ name: ${name}, host: ${host}, project: ${name} }` : `{ name: ${name}, dir: ${name} }`,
  );
  return `hosts: { ${engines.join(', ')} }\nstacks:\n${lines.map((line) => `  - ${line}\n`).join('')}`;
};

const NINE = Array.from({ length: 9 }, (_, i): [string, string] => [`s${i}`, ['a', 'b', 'c'][i % 3]!]);

test('an engine has as many at once as its limit says, and the engines do not wait for each other', async () => {
  const made = classOf(roster({ a: 1, b: 2, c: 3 }, NINE));
  const now: Record<string, number> = {};
  const most: Record<string, number> = {};
  let together = 0;
  await gradeAll(made, async ({ host }) => {
    const { name } = host!;
    now[name] = (now[name] ?? 0) + 1;
    most[name] = Math.max(most[name] ?? 0, now[name]!);
    together = Math.max(
      together,
      Object.values(now).reduce((sum, one) => sum + one),
    );
    await pause(20);
    now[name]! -= 1;
    return gradeWith(80);
  });
  assert.deepEqual(most, { a: 1, b: 2, c: 3 });
  assert.equal(together, 6);
});

test('an engine that is down costs its own stacks their grades, and nobody else; tried again next time', async () => {
  const made = classOf(
    roster(
      { a: 1, b: 1 },
      NINE.map(([name], i) => [name, i % 2 ? 'a' : 'b']),
    ),
  );
  const opened: string[] = [];
  const closed: string[] = [];
  let down = true;
  const openHost = async (at: string) => {
    opened.push(at);
    if (down && at.includes('/a.')) throw new ChaosError('not-ready', 'a is down', { hint: 'start it' });
    return fakeHost(at, closed);
  };
  const handed = new Set<string>();
  const gradeOne = async (_: object, { host }: { host?: { name: string } }) => {
    handed.add(host!.name);
    return gradeWith(80);
  };
  const first = await gradeAll(made, gradeOne, { openHost });
  const without = first.stacks.filter((one) => 'reason' in one);
  assert.deepEqual(
    without.map(({ name, host, ...rest }) => [name, host, rest]),
    ['s1', 's3', 's5', 's7'].map((name) => [name, 'a', { reason: 'a is down', hint: 'start it' }]),
  );
  assert.equal(first.stacks.length, 9);
  // Once each: to wait for what does not answer takes its time.
  assert.deepEqual(opened.sort(), ['unix:///a.sock', 'unix:///b.sock']);
  assert.deepEqual([...handed], ['unix:///b.sock']);
  assert.deepEqual(closed, ['unix:///b.sock']);
  down = false;
  const second = await gradeAll(made, gradeOne, { openHost });
  assert.deepEqual(begun(second.events), ['s1', 's3', 's5', 's7']);
  assert.ok(second.stacks.every((one) => 'grade' in one));
});

test('a stack that cannot be graded, by its fault or by ours, is told with its reason', async () => {
  const made = classOf(roster({}, [['ann'], ['bob'], ['cy'], ['dee']]), { ann: {}, bob: {}, cy: {} });
  const { stacks } = await gradeAll(made, async ({ name }) => {
    if (name === 'ann') throw new ChaosError('not-ready', 'no Prometheus');
    if (name === 'bob') throw new TypeError('undefined is not a function');
    return gradeWith(80);
  });
  const reasons = stacks.map((one) => ('reason' in one ? one.reason : one.grade.score));
  assert.deepEqual(reasons.slice(0, 3), [
    'no Prometheus',
    'something in chaos itself went wrong: undefined is not a function',
    80,
  ]);
  assert.match(String(reasons[3]), /dee cannot be read/);
});

test('interrupted: the signal reaches what is under way, nothing else begins, every stack is accounted for', async () => {
  const made = classOf(
    roster(
      { a: 1, b: 1 },
      NINE.map(([name], i) => [name, i % 2 ? 'a' : 'b']),
    ),
  );
  const interrupt = new AbortController();
  const { stacks, events } = await gradeAll(
    made,
    async ({ name }, { signal }) => {
      if (name === 's0') return gradeWith(80);
      if (name === 's2') interrupt.abort(new ChaosError('interrupted', 'SIGINT'));
      await pause(5000, undefined, { signal });
      return gradeWith(80);
    },
    { signal: interrupt.signal },
  );
  assert.deepEqual(begun(events).sort(), ['s0', 's1', 's2']);
  const told = stacks.map((one) => ('reason' in one ? one.reason : 'graded'));
  assert.equal(told[0], 'graded');
  assert.deepEqual(told.slice(1, 3), Array(2).fill('interrupted while it was graded'));
  assert.deepEqual(told.slice(3), Array(6).fill('interrupted before its turn'));
});

test('a grade that cannot be kept ends the class with the reason', async () => {
  const made = classOf(
    roster({ a: 1 }, [
      ['ann', 'a'],
      ['bob', 'a'],
      ['cy', 'a'],
    ]),
  );
  mkdirSync(join(made.out, 'bob.json'), { recursive: true });
  const asked: string[] = [];
  const graded = gradeAll(made, async ({ name }) => {
    asked.push(name);
    return gradeWith(80);
  });
  await assert.rejects(graded, { kind: 'not-ready', message: /bob\.json could not be written/ });
  assert.deepEqual(asked, ['ann', 'bob']);
});

test('from the files, a class is graded as each of it would be alone; what runs is not taken for files', async () => {
  const made = classOf(roster({ a: 1 }, [['ann'], ['bob', 'a']]), { ann: { 'README.md': '# Hello\n' } });
  const { stacks } = await gradeAll(made, gradeEntry);
  assert.ok('grade' in stacks[0]! && stacks[0].grade.mode === 'static');
  assert.ok('reason' in stacks[1]!);
});
