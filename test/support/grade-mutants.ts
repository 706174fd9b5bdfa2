import assert from 'node:assert/strict';
import { type Change, changed, gradeOf, lostIn, OURS } from './grade.ts';

/** A small change of our stack, the one criterion that it costs points in, and the finding that says so. */
export type Mutant = [what: string, file: string, change: Change, criterion: string, finding: string];

/** One text instead of another. */
export const put =
  (from: string | RegExp, to: string): Change =>
  (text) =>
    text.replace(from, to);

/** No such file. */
export const gone: Change = () => undefined;

/** Without a rule, from its name to the next one. */
export const without =
  (alert: string): Change =>
  (text) =>
    text.replace(new RegExp(` *- alert: ${alert}\\n[\\s\\S]*?(?=\\n *- alert|\\n *- name|$)`), '');

/** That criterion loses points, no other does, and the finding says why. */
export function losesAlone([, file, change, criterion, finding]: Mutant): void {
  const grade = gradeOf(changed(OURS, file, change));
  assert.ok(
    grade.findings.some(({ id }) => id === finding),
    JSON.stringify(grade.findings.map(({ id, message }) => `${id}: ${message}`)),
  );
  assert.deepEqual(lostIn(grade), [criterion], JSON.stringify(grade.findings, null, 1));
  assert.ok(grade.score < 100 && grade.score >= 70, String(grade.score));
}
