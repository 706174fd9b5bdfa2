import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_DIR } from '../../src/core/paths.ts';
import { type Grade, grade } from '../../src/grade/grade.ts';
import type { SeenPrometheus, Sighting } from '../../src/grade/live/sighting.ts';
import { readRubric } from '../../src/grade/rubric.ts';
import { submissionOf } from '../../src/grade/submission.ts';
import { OURS } from './grade.ts';

const FILE = join(PACKAGE_DIR, 'test/fixtures/sighting/sighting.json');

/** What was really seen of our lab at speed 10, in three runs, with their records cut down to what is graded; another copy each time. */
export function recorded(): Sighting & { prometheus: SeenPrometheus } {
  return JSON.parse(readFileSync(FILE, 'utf8'), (_, value) => {
    if (Array.isArray(value?.map)) return new Map(value.map);
    return Array.isArray(value?.set) ? new Set(value.set) : value;
  });
}

/** Our stack, seen as it was, or with something otherwise. */
export function seenAs(
  change: (sighting: ReturnType<typeof recorded>) => void = () => {},
  folder = OURS,
): Grade {
  const sighting = recorded();
  change(sighting);
  return grade(submissionOf('it', folder), readRubric(), 'en', sighting);
}
