import { visible } from '../core/visible.ts';
import type { Grade } from './grade.ts';

/**
 * A class as a table: a line a submission, with the points of each criterion. RFC 4180.
 * @param notGraded those that could not be graded: a line each too, without points
 */
export function csv(grades: readonly Grade[], notGraded: readonly string[] = []): string {
  const [first] = grades;
  const head = [
    'submission',
    'score',
    'pass',
    'passed',
    ...(first?.criteria.map(({ id }) => id) ?? []),
    'findings',
  ];
  const lines = grades.map(({ dir, score, pass, passed, criteria, findings }) => [
    dir,
    score,
    pass,
    passed ? 'yes' : 'no',
    ...criteria.map(({ points }) => points),
    findings.length,
  ]);
  const without = notGraded.map((name) => [name, '', '', 'not graded', ...head.slice(4).map(() => '')]);
  return [head, ...lines, ...without].map((line) => `${line.map(cell).join(',')}\r\n`).join('');
}

/** A spreadsheet takes a text for a formula that begins like one, quoted or not. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = visible(value);
  const plain = /^[=+\-@\s]/.test(text) ? `'${text}` : text;
  return /[",]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
