import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { filesAlone, parseRoster, readRoster } from '../../../../src/grade/class/roster.ts';
import { classOf } from '../../../support/class.ts';

const CLASS = `# The class of this year
hosts:
  room-a: { at: default, limit: 1 }
  room-b: { at: ssh://teacher@lab-b, limit: 2 }
stacks:
  - { name: alice, dir: alice/techshop }
  - { name: bob, dir: bob, host: room-a, project: bob }
  - { name: carol, host: room-b, project: carol, prometheus: http://lab-b:9090, alertmanager: http://lab-b:9093 }
  - { name: Zoë K., dir: /srv/zoe }
rubric: my-rubric.yaml
`;

const complaints = (text: string) =>
  parseRoster(text, 'class.yaml').problems.map(
    ({ line, column, message, hint }) => `${line}:${column} ${message}${hint ? ` | ${hint}` : ''}`,
  );

test('a class: hosts by name, paths counted from its own folder', () => {
  const { roster, problems } = parseRoster(CLASS, 'year/class.yaml');
  assert.deepEqual(problems, []);
  const roomA = { name: 'room-a', at: 'default', limit: 1 };
  assert.deepEqual(roster, {
    file: 'year/class.yaml',
    rubric: 'year/my-rubric.yaml',
    stacks: [
      { name: 'alice', dir: 'year/alice/techshop' },
      { name: 'bob', dir: 'year/bob', host: roomA, project: 'bob' },
      {
        name: 'carol',
        host: { name: 'room-b', at: 'ssh://teacher@lab-b', limit: 2 },
        project: 'carol',
        prometheus: 'http://lab-b:9090',
        alertmanager: 'http://lab-b:9093',
      },
      { name: 'Zoë K.', dir: '/srv/zoe' },
    ],
  });
});

test('static: true, or --static, leaves the files of each', () => {
  const text = 'static: true\nhosts: { a: { at: default } }\nstacks: [{ name: bob, dir: bob, host: a }]\n';
  assert.deepEqual(parseRoster(text, 'class.yaml').roster?.stacks, [{ name: 'bob', dir: 'bob' }]);
  const { roster } = parseRoster(CLASS, 'class.yaml');
  assert.throws(() => filesAlone(roster!), { kind: 'usage', message: /carol/ });
  const some = { ...roster!, stacks: roster!.stacks.filter(({ name }) => name !== 'carol') };
  assert.deepEqual(filesAlone(some).stacks[1], { name: 'bob', dir: 'bob' });
});

test('every mistake at once, each in its place, with what was meant', () => {
  assert.deepEqual(
    complaints(`hosts:
  room-a: { at: default, limit: 0 }
  room-b: { at: default, limits: 2 }
stacks:
  - { name: alice, dir: a }
  - { name: ALICE, dir: b }
  - { name: ../x, dir: c }
  - { name: bob, host: rom-a, project: bob }
  - { name: carol, host: room-a }
  - { name: dave, project: dave, dir: d }
  - { name: erin }
  - { name: fay, dirr: fay }
  - { name: gil, prometheus: lab:9090 }
  - { nam: hal, dir: hal }
rubrik: x
`),
    [
      '2:33 hosts.room-a.limit must be at least 1 (it is 0)',
      '3:17 room-a is the same engine, and a limit is for an engine',
      '3:26 unknown key limits | did you mean limit?',
      '6:13 there is a stack alice already',
      '7:13 stacks[2].name must be letters, digits, spaces, dots, dashes and underscores, at most 60, beginning with a letter or digit, and no space at the end (it is "../x")',
      '8:24 unknown host rom-a | did you mean room-a?',
      '9:5 project is missing: the compose project of this stack on its host',
      '10:28 a project runs on a host, and there is none | host: and its name under hosts:',
      '11:5 nothing to grade: dir, host or prometheus says where it is',
      '12:18 unknown key dirr | did you mean dir?',
      '13:30 stacks[8].prometheus must be a URL that begins with http:// or https:// (it is "lab:9090")',
      '14:7 unknown key nam | did you mean name?',
      '15:1 unknown key rubrik | did you mean rubric?',
    ],
  );
});

test('a host that can be none is found out before anybody is graded', () => {
  const { file } = classOf(`hosts:
  a: { at: http://lab-b }
  b: { at: no-such-context }
  c: { at: ssh://-oProxyCommand=x }
stacks:
  - { name: bob, host: a, project: bob }
`);
  assert.throws(
    () => readRoster(file),
    ({ kind, problems }: { kind: string; problems: { line: number; message: string }[] }) => {
      assert.equal(kind, 'bad-file');
      assert.deepEqual(
        problems.map(({ line, message }) => [line, message.replace(/:.*/, '')]),
        [
          [2, 'http'],
          [3, 'There is no Docker context no-such-context.'],
          [4, 'ssh'],
        ],
      );
      return true;
    },
  );
});

test('no roster at all', () => {
  assert.throws(() => readRoster(join('no-such', 'class.yaml')), { kind: 'bad-file' });
  assert.match(complaints('- a\n').join(), /a roster is a YAML mapping that begins with stacks:/);
  assert.match(complaints('stacks: []\n').join(), /stacks must have at least 1 entry/);
});
