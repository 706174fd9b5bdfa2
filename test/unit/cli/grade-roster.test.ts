import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ClassSummary } from '../../../src/grade/class/summary.ts';
import { chaos } from '../../support/chaos.ts';
import { classOf } from '../../support/class.ts';

const FILES = { 'README.md': '# SLOs\n99.5 %\n' };
const ROSTER = `stacks:
  - { name: ann, dir: ann }
  - { name: bob, dir: bob }
  - { name: =cy, dir: nowhere }
`;

test('a class: what is finished is taken from before, what was changed is not, and what cannot be is told', () => {
  const { dir, file } = classOf(ROSTER.replace('=cy', 'cy'), { ann: FILES, bob: FILES });
  const [html, csv] = [join(dir, 'class.html'), join(dir, 'class.csv')];
  const first = chaos('grade', '--roster', file, '--html', html, '--csv', csv);
  assert.equal(first.status, 3, first.stderr);
  assert.match(first.stdout, /2 of 3 graded/);
  assert.match(first.stdout, /cy not graded: .*nowhere cannot be read/);
  assert.match(first.stderr, /ann .* not passed \(1 of 3 done\)/);
  assert.match(readFileSync(html, 'utf8'), /<h1>Class<\/h1>/);
  const lines = readFileSync(csv, 'utf8').split('\r\n');
  assert.deepEqual(
    lines.slice(1).map((line) => line.split(',').slice(0, 4).join()),
    [lines[1]!.split(',').slice(0, 4).join(), lines[2]!.split(',').slice(0, 4).join(), 'cy,,,not graded', ''],
  );

  writeFileSync(join(dir, 'bob', 'README.md'), '# Nothing\n');
  const second = chaos('grade', '--roster', file, '--json');
  const summary = JSON.parse(second.stdout) as ClassSummary;
  assert.deepEqual(
    summary.stacks.map((one) =>
      'grade' in one ? one.kept : one.reason.replace(/.*nowhere/, 'nowhere').slice(0, 7),
    ),
    [true, false, 'nowhere'],
  );
  assert.match(second.stderr, /ann .* taken from before: 20/);
  const third = chaos('grade', '--roster', file, '--again', '--json', '--lang', 'en');
  assert.ok((JSON.parse(third.stdout) as ClassSummary).stacks.every((one) => 'reason' in one || !one.kept));

  writeFileSync(file, ROSTER.replace(/^.*=cy.*\n/m, ''));
  assert.equal(chaos('grade', '--roster', file).status, 1);
  const mistaken = chaos('grade', '--roster', file, '--again', 'bobb');
  assert.equal(mistaken.status, 2);
  assert.match(mistaken.stderr, /There is no stack bobb .*did you mean bob\?/s);
});

test('a roster with mistakes gets a place for each, and nobody is graded', () => {
  const { dir, file } = classOf(`${ROSTER}rubrik: x\n`, { ann: FILES });
  const { status, stderr, stdout } = chaos('grade', '--roster', file);
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(stderr, /class\.yaml:4:13: .*name must be letters.*class\.yaml:5:1: unknown key rubrik/s);
  assert.throws(() => readFileSync(join(dir, 'class.grades', 'ann.json')), { code: 'ENOENT' });
});
