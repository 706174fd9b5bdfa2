import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PACKAGE_DIR } from '../../../src/core/paths.ts';
import { CRITERIA } from '../../../src/grade/criteria/index.ts';
import { grade } from '../../../src/grade/grade.ts';
import { LIVE_CHECKS } from '../../../src/grade/live/checks/index.ts';
import { CHECK_TITLES, LIVE_TITLES } from '../../../src/grade/messages/titles.ts';
import { parseRubric, RUBRIC_FILE, readRubric } from '../../../src/grade/rubric.ts';
import { submissionOf } from '../../../src/grade/submission.ts';
import { DOCUMENTED } from '../../support/grade.ts';

const TEXT = readFileSync(RUBRIC_FILE, 'utf8');
const problems = (text: string) =>
  parseRubric(text, 'rubric.yaml').problems.map(({ line, message }) => `${line}: ${message}`);

test('the rubric is the document’s: 20, 20, 20, 20, 10, 10, and 70 passes', () => {
  const { pass, criteria } = readRubric();
  assert.equal(pass, 70);
  assert.deepEqual(criteria, {
    stack: 20,
    metrics: 20,
    rules: 20,
    dashboard: 20,
    slo: 10,
    documentation: 10,
  });
});

test('every check has its title, its points and its place in the documents, and none is there twice', () => {
  const document = readFileSync(join(PACKAGE_DIR, 'docs/grading.md'), 'utf8');
  const kinds = [
    [CHECK_TITLES, CRITERIA.map(({ id, checks }) => [id, checks] as const)],
    [LIVE_TITLES, Object.entries(LIVE_CHECKS)],
  ] as const;
  for (const [titles, all] of kinds) {
    const ids = all.flatMap(([id, checks]) => checks.map((check) => [id, check.id] as const));
    for (const [criterion, check] of ids) assert.ok(check.startsWith(`${criterion}.`), check);
    assert.deepEqual(ids.map(([, check]) => check as string).sort(), Object.keys(titles).sort());
    for (const [, check] of ids)
      assert.ok(document.includes(`\`${check}\``), `docs/grading.md names ${check}`);
  }
});

test('every mistake of a rubric is told at once, with its line', () => {
  const wrong = TEXT.replace('pass: 70', 'pass: 170')
    .replace('services: 4', 'servces: 4')
    .replace('summaries: 3', 'summaries: lots');
  assert.deepEqual(problems(wrong), [
    '6: pass must be at most 100 (it is 170)',
    '12: unknown key servces',
    '82: criteria.documentation.checks.summaries must be a number (it is "lots")',
  ]);
});

test('sums are checked, each where it is wrong', () => {
  assert.deepEqual(problems(TEXT.replace('services: 4', 'services: 5')), [
    '10: these add up to 21, and not to 20',
  ]);
  const other = TEXT.replace('points: 10', 'points: 15').replace('alerts: 3', 'alerts: 8');
  assert.deepEqual(problems(other), ['7: these add up to 105, and not to 100']);
});

test('a check that is missing, and a file that is none, are refused', () => {
  assert.deepEqual(problems(TEXT.replace('      upstream: 1\n', '')), ['10: upstream is missing']);
  assert.deepEqual(problems('[]'), ['1: a rubric is a YAML mapping that begins with pass:']);
  assert.throws(() => readRubric('/nowhere/rubric.yaml'), { kind: 'bad-file' });
});

test('a teacher’s own figures count', () => {
  const text = TEXT.replace('pass: 70', 'pass: 40').replace(
    'provisioning: 3\n      panels: 7',
    'provisioning: 10\n      panels: 0',
  );
  const { rubric } = parseRubric(text, 'mine.yaml');
  const graded = grade(submissionOf('it', DOCUMENTED), rubric!, 'en');
  assert.equal(graded.criteria.find(({ id }) => id === 'dashboard')!.points, 3.3);
  assert.equal(graded.passed, true);
  // What is worth nothing costs nothing, and is not told.
  assert.ok(!graded.findings.some(({ checks }) => checks.includes('dashboard.panels')));
});
