import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { showClass } from '../../src/cli/show-class.ts';
import { showGrade } from '../../src/cli/show-grade.ts';
import { PACKAGE_DIR } from '../../src/core/paths.ts';
import { classPage } from '../../src/grade/class/page.ts';
import { parseRoster } from '../../src/grade/class/roster.ts';
import { type Kept, parseKept } from '../../src/grade/class/store.ts';
import { summarise } from '../../src/grade/class/summary.ts';
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

const ROSTER = `hosts:
  room-a: { at: default, limit: 1 }
  room-b: { at: ssh://teacher@lab-b, limit: 2 }
stacks:
  - { name: alice, dir: alice/techshop }
  - { name: bob, dir: bob, host: room-a, project: bob }
  - { name: carol, host: room-b, project: carol, prometheus: http://lab-b:9090, alertmanager: http://lab-b:9093 }
rubric: my-rubric.yaml
static: false
`;
/** A small one, as of each of its thousands of variants a page is made. */
const KEPT: Kept = {
  ...{ schemaVersion: 1, name: 'ann', digest: '0', gradedAt: '2026-01-01T00:00:00.000Z', tookMs: 1 },
  grade: grade(submissionOf('it', { files: [], paths: new Set(), problems: [] }), RUBRIC, 'fr'),
};

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
  {
    name: 'roster',
    seeds: [ROSTER],
    as: 'yaml',
    read: (given) => parseRoster(given, 'class.yaml').problems,
  },
  {
    name: 'grade of a class',
    seeds: [JSON.stringify(KEPT, null, 2)],
    as: 'json',
    read(given) {
      const kept = parseKept(given);
      if (!kept) return [{ file: 'ann.json', line: 1, column: 1, message: 'no grade' }];
      const summary = summarise('class.yaml', 'fr', [{ ...kept, kept: true }]);
      for (const line of showClass(summary)) inert(line, '\n');
      assert.ok(!/<img|onerror="/.test(classPage(summary)), 'escaped');
      return [];
    },
  },
];
