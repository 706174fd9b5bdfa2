import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { showGrade } from '../../src/cli/show-grade.ts';
import { PACKAGE_DIR } from '../../src/core/paths.ts';
import { csv } from '../../src/grade/csv.ts';
import { grade } from '../../src/grade/grade.ts';
import { gradePage } from '../../src/grade/page.ts';
import { parseRubric, readRubric } from '../../src/grade/rubric.ts';
import { submissionOf } from '../../src/grade/submission.ts';
import type { Target } from './fuzz-targets.ts';
import { OURS } from './grade.ts';
import { inert } from './inert.ts';

const RUBRIC = readRubric();
/** What most is graded against. All of the stack would take ten times as long, for each of thousands of files. */
const BESIDE = ['prometheus/prometheus.yml', 'prometheus/rules/slo.yml'];
const text = (path: string) => readFileSync(join(PACKAGE_DIR, path), 'utf8');

/** A file of what a learner hands in, among those that are right. */
function submitted(path: string, as: Target['as']): Target[] {
  const read = (given: string) => {
    const files = OURS.files.flatMap((one) =>
      one.path === path ? { ...one, text: given } : BESIDE.includes(one.path) ? one : [],
    );
    const submission = submissionOf('it', { ...OURS, files });
    const graded = grade(submission, RUBRIC, 'fr');
    for (const line of showGrade(graded)) inert(line);
    inert(csv([graded]), '\r\n');
    assert.ok(!/<img|onerror="/.test(gradePage([graded], 'fr')), 'escaped');
    return submission.problems.filter(({ file }) => file === path);
  };
  return [{ name: `submission: ${path}`, seeds: [text(`stack/${path}`)], as, read }];
}

/** What grading reads: a teacher's rubric, and the files of a submission that nothing else reads. */
export const SUBMITTED: Target[] = [
  ...submitted('compose.yml', 'yaml'),
  ...submitted('grafana/dashboards/slo.json', 'json'),
  ...submitted('app/api.py', 'text'),
  ...submitted('blackbox/blackbox.yml', 'yaml'),
  ...submitted('grafana/provisioning/datasources/prometheus.yml', 'yaml'),
  {
    name: 'rubric',
    seeds: [text('src/grade/rubric.yaml')],
    as: 'yaml',
    read: (given) => parseRubric(given, 'rubric.yaml').problems,
  },
];
