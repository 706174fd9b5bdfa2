import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse } from 'parse5';
import { classView } from '../../../../src/cli/class-view.ts';
import { showClass } from '../../../../src/cli/show-class.ts';
import type { StackResult } from '../../../../src/grade/class/grade-class.ts';
import { classPage } from '../../../../src/grade/class/page.ts';
import { quantile, summarise } from '../../../../src/grade/class/summary.ts';
import type { Grade } from '../../../../src/grade/grade.ts';
import { CLASS } from '../../../../src/grade/messages/class.ts';
import { gradeWith } from '../../../support/class.ts';
import { inert } from '../../../support/inert.ts';
import { ManualClock } from '../../../support/manual-clock.ts';

const result = (name: string, grade: Grade): StackResult => ({
  ...{ name, grade, gradedAt: '2026-01-01T00:00:00.000Z', tookMs: 1, kept: false },
});
const finding = (id: string, points: number, file: string) => ({
  ...{ id, points, file, line: 3, checks: [], message: `${id} in ${file}`, fix: 'mend it' },
});
const HOSTILE = '<img src=x onerror="alert(1)">\u001b[2J\n\u202e';

test('quartiles as R, NumPy and spreadsheets have them', () => {
  const scores = [15, 20, 35, 40, 50, 62.5];
  assert.deepEqual(
    [0, 0.25, 0.5, 0.75, 1].map((p) => quantile(scores, p)),
    [15, 23.75, 37.5, 47.5, 62.5],
  );
  assert.equal(quantile([7], 0.75), 7);
});

test('the figures of a class count those that were graded, and no other', () => {
  const scores = [0, 9.9, 10, 69.9, 70, 70, 99.8, 100];
  const stacks: StackResult[] = scores.map((score, i) => result(`s${i}`, gradeWith(score)));
  const {
    counts,
    passRate,
    scores: all,
    histogram,
  } = summarise('class.yaml', 'en', [...stacks, { name: 'down', host: 'a', reason: 'a is down' }]);
  assert.deepEqual(counts, { stacks: 9, graded: 8, passed: 4, notGraded: 1 });
  assert.equal(passRate, 0.5);
  assert.deepEqual(all, {
    ...{ mean: 53.7, min: 0, lowerQuartile: 9.97, median: 69.95, upperQuartile: 77.45, max: 100 },
    method: 'linear',
  });
  assert.deepEqual(
    histogram.map(({ count }) => count),
    [2, 1, 0, 0, 0, 0, 1, 2, 0, 2],
  );
  assert.deepEqual(histogram.at(-1), { from: 90, to: 100, count: 2 });
});

test('the mean of a criterion is of the graded', () => {
  const grade = gradeWith(10);
  const [first, ...others] = grade.criteria;
  const more = { ...grade, criteria: [{ ...first!, points: 15 }, ...others] };
  const { criteria } = summarise('class.yaml', 'en', [
    result('a', grade),
    result('b', more),
    result('c', grade),
  ]);
  assert.deepEqual(criteria[0], { id: 'stack', of: 20, mean: 5 });
});

test('a mistake counts once a stack, costs all it costs, and is shown where it costs the most', () => {
  const { mistakes } = summarise('class.yaml', 'en', [
    result(
      'a',
      gradeWith(10, { findings: [finding('common', 1, 'a.yml'), finding('common', 0.5, 'b.yml')] }),
    ),
    result('b', gradeWith(10, { findings: [finding('dear', 9, 'c.yml'), finding('common', 2, 'd.yml')] })),
    result('c', gradeWith(10, { findings: [finding('cheap', 1, 'c.yml')] })),
  ]);
  assert.deepEqual(
    mistakes.map(({ id, stacks, points, example }) => [
      id,
      stacks,
      points,
      `${example.stack} ${example.file}`,
    ]),
    [
      ['common', 2, 3.5, 'b d.yml'],
      ['dear', 1, 9, 'b c.yml'],
      ['cheap', 1, 1, 'c c.yml'],
    ],
  );
});

test('nobody graded is a class too', () => {
  const summary = summarise('class.yaml', 'fr', [{ name: 'a', reason: 'no', hint: 'yes' }]);
  assert.deepEqual([summary.passRate, summary.scores, summary.mistakes], [null, null, []]);
  assert.match(showClass(summary).join('\n'), /Aucune stack n’a été évaluée/);
  assert.match(classPage(summary), /Aucune stack/);
});

test('nothing from a class is markup in its page, moves the cursor, or breaks a line', () => {
  const grade = gradeWith(80, {
    dir: HOSTILE,
    findings: [{ ...finding(HOSTILE, 1, HOSTILE), message: HOSTILE }],
  });
  const summary = summarise(HOSTILE, 'fr', [
    result(HOSTILE, grade),
    { name: HOSTILE, host: HOSTILE, reason: HOSTILE, hint: HOSTILE },
  ]);
  const page = classPage(summary);
  assert.ok(!page.includes('<img') && !page.includes('\u001b') && !page.includes('\u202e'));
  assert.doesNotMatch(page, /<script|<link|url\(/);
  parse(page, { onParseError: ({ code }) => assert.fail(code) });
  for (const line of showClass(summary)) inert(line, '\n');
});

test('while it goes on, each stack that is finished is a line with how many are', async () => {
  const lines: string[] = [];
  const stream = { isTTY: false, write: (text: string) => lines.push(text) } as unknown as NodeJS.WriteStream;
  const stacks = [{ name: 'ann' }, { name: HOSTILE }];
  const view = classView({ stacks }, 'en', new ManualClock(), stream);
  view.on({ event: 'begun', name: HOSTILE, host: 'room-a' });
  view.on({ event: 'said', name: HOSTILE, line: HOSTILE });
  view.on({ event: 'done', result: result(HOSTILE, gradeWith(80)) });
  const kept = { ...result('ann', gradeWith(10)), kept: true } as StackResult;
  view.on({ event: 'done', result: kept });
  view.end();
  assert.equal(lines.length, 4);
  for (const line of lines) inert(line.replace(/\n$/, ''));
  assert.match(lines[2]!, /80 {2}passed \(1 of 2 done\)/);
  assert.match(lines[3]!, /ann.* 10 {2}not passed, taken from before: 2026-01-01.*\(2 of 2 done\)/);
});

test('every word in both languages', () => {
  for (const [key, { en, fr }] of Object.entries(CLASS)) assert.ok(en !== '' && fr !== '', key);
});
