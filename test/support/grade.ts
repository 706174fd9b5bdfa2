import assert from 'node:assert/strict';
import { join } from 'node:path';
import { PACKAGE_DIR, STACK_DIR } from '../../src/core/paths.ts';
import { type Folder, findFiles, roleOf } from '../../src/grade/find.ts';
import { type Grade, grade } from '../../src/grade/grade.ts';
import type { Lang } from '../../src/grade/messages/words.ts';
import { readRubric } from '../../src/grade/rubric.ts';
import { submissionOf } from '../../src/grade/submission.ts';

/** Our own stack, and the lab's as its document has it, as submissions. */
export const OURS = findFiles(STACK_DIR);
export const DOCUMENTED = findFiles(join(PACKAGE_DIR, 'test/fixtures/documented'));
const RUBRIC = readRubric();

export function gradeOf(folder: Folder, lang: Lang = 'en'): Grade {
  return grade(submissionOf('it', folder), RUBRIC, lang);
}

/** A change of one file: another text, or none where it is taken away. */
export type Change = (text: string) => string | undefined;

/** A folder in which one file is another; where nothing has changed the test is wrong. */
export function changed(folder: Folder, path: string, change: Change): Folder {
  const file = folder.files.find((one) => one.path === path);
  assert.ok(file, `there is no ${path}`);
  const text = change(file.text);
  assert.notEqual(text, file.text, `${path} has been changed`);
  if (text === undefined) {
    const paths = new Set([...folder.paths].filter((one) => one !== path));
    return { ...folder, files: folder.files.filter((one) => one !== file), paths };
  }
  const role = roleOf(path, text);
  const files = folder.files.flatMap((one) => (one !== file ? one : role ? { role, path, text } : []));
  return { ...folder, files };
}

/** A folder made of texts. */
export function folderOf(texts: Record<string, string>): Folder {
  const files = Object.entries(texts).flatMap(([path, text]) => {
    const role = roleOf(path, text);
    return role ? [{ role, path, text }] : [];
  });
  return { files, paths: new Set(Object.keys(texts)), problems: [] };
}

/** The criteria that a grade has lost points in. */
export function lostIn({ criteria }: Grade): string[] {
  return criteria.filter(({ points, of }) => points < of).map(({ id }) => id);
}

/** Findings as `id file:line`. */
export function found({ findings }: Grade): string[] {
  return findings.map(({ id, file, line }) => `${id} ${file}:${line}`);
}
