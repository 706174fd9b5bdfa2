import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { FAULTS } from '../../../src/faults/index.ts';
import { CAUSES, isRight, SUSPECTS } from '../../../src/gameday/causes.ts';
import { digestOf } from '../../../src/gameday/folder.ts';
import { loadSchedule, readSchedule } from '../../../src/gameday/read.ts';
import { dayOf } from '../../../src/gameday/schedule.ts';
import { chaos } from '../../support/chaos.ts';
import { FIRST, firstDay, KNOWN } from './support.ts';

const problems = (text: string, file = 'x.yaml') =>
  readSchedule(text, file, KNOWN).problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
const file = (schedule: string, rest = '') => `name: x\ntitle: t\n${rest}schedule:\n${schedule}`;
const ONE = '  - { incident: api-outage, cause: c }\n';

test('the game day that comes with chaos has no problem, and begins with its schema', () => {
  const { schedule, problems } = loadSchedule(FIRST, KNOWN);
  assert.deepEqual(problems, []);
  assert.deepEqual(
    schedule?.entries.map(({ kind }) => kind),
    ['incident', 'incident', 'decoy', 'quiet'],
  );
  assert.match(
    readFileSync(FIRST, 'utf8'),
    /^# yaml-language-server: \$schema=\.\.\/docs\/gameday\.schema\.json\n/,
  );
});

test('every problem is told at once, each at its place', () => {
  const text = file(
    [
      '  - { incident: api-outge, cause: c }',
      '  - { incident: quiet, cause: c }',
      '  - { decoy: api-outage }',
      '  - { incident: high-load, cause: c }',
      '  - { incident: api-outage, cause: c, limit: 5 minutes }',
      '  - { quiet: 0s }',
      '  - { incident: api-outage, cause: c, hint: [] }',
    ].join('\n'),
    'titel: x\ntolerate: [{ alert: InstanceDwn }]\ntraffic: { connections: 1, url: http://elsewhere/ }\ndraw: { count: 9, seed: 1 }\n',
  );
  assert.deepEqual(problems(text), [
    '3:1 unknown key titel',
    '4:21 unknown alert InstanceDwn',
    '5:33 elsewhere is no service of the lab; load goes nowhere else',
    '6:16 there are 5 incidents to draw 9 from',
    '8:17 There is no scenario called api-outge.',
    '9:17 quiet breaks nothing that a team could mend',
    '10:14 api-outage expects an alert, and a decoy raises none',
    '11:17 high-load breaks nothing that a team could mend',
    '12:46 schedule[4].limit is no duration; write it like 30s, 5m or 1m30s (it is "5 minutes")',
    '13:14 schedule[5].quiet must be longer than 0s (it is "0s")',
    '14:39 unknown key hint',
  ]);
  assert.deepEqual(problems('name: y\ntitle: t\nschedule: [{ quiet: 1m }]\n'), [
    "1:7 name: y is not the file's name",
    '3:11 there is no incident in it',
  ]);
});

test('a scenario of its own is looked for beside the schedule, and its problems are told with it', () => {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-'));
  const path = join(dir, 'x.yaml');
  writeFileSync(path, file('  - { incident: mine.yaml, cause: c }\n'));
  writeFileSync(join(dir, 'mine.yaml'), 'name: mine\ntitel: t\nwatch: 1m\n');
  const { status, stderr } = chaos('validate', path);
  assert.equal(status, 2);
  assert.match(stderr, /x\.yaml:4:17: mine\.yaml is no scenario that can be run/);
  assert.match(stderr, /mine\.yaml:2:1: unknown key titel/);
  assert.equal(chaos('validate', FIRST, 'api-outage').status, 0);
});

test('a seed draws the same day again, and another another', () => {
  const five = file(
    `${Array.from({ length: 5 }, () => ONE).join('')}  - { quiet: 1m }\n`,
    'draw: { count: 2, seed: 7 }\n',
  );
  const { schedule } = readSchedule(five, 'x.yaml', KNOWN);
  const marked = { ...schedule!, entries: schedule!.entries.map((one, i) => ({ ...one, afterMs: i })) };
  const order = (seed?: number) => dayOf(marked, seed).entries.map(({ afterMs }) => afterMs);
  assert.deepEqual(order(), order(7));
  assert.equal(order().length, 3, 'two of the incidents, and all else');
  const drawn = new Set(Array.from({ length: 200 }, (_, seed) => order(seed).join()));
  assert.ok(drawn.size > 40, `${drawn.size} of the 60 orders`);
  const { draw: _, ...plain } = marked;
  assert.deepEqual(dayOf(plain).entries, marked.entries);
  assert.equal(dayOf(plain).seed, null);
});

test('a day is the same wherever its files lie, and another when what happens in it is', () => {
  const day = firstDay();
  assert.equal(digestOf({ ...day, file: '/elsewhere' }), digestOf(day));
  assert.notEqual(digestOf({ ...day, entries: day.entries.slice(1) }), digestOf(day));
});

test('every fault is a cause that can be named, once', () => {
  for (const { type } of FAULTS) {
    const kinds = Object.values(CAUSES).filter(({ faults }) => faults.includes(type));
    assert.equal(kinds.length, 1, type);
  }
  const [cache, lock] = firstDay().entries as never as [
    Parameters<typeof isRight>[1],
    Parameters<typeof isRight>[1],
  ];
  assert.ok(isRight({ service: 'redis', kind: 'stopped' }, cache));
  assert.ok(isRight({ service: 'postgres', kind: 'locked' }, lock));
  assert.ok(!isRight({ service: 'redis', kind: 'locked' }, lock));
  assert.ok(SUSPECTS.includes('redis') && SUSPECTS.includes('the host') && SUSPECTS.includes('nginx'));
});
