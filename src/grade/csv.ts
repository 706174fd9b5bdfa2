import { visible } from '../core/visible.ts';
import type { Grade } from './grade.ts';

/** A class as a table: a line a submission, with the points of each criterion. RFC 4180. */
export function csv(grades: readonly Grade[]): string {
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
  return [head, ...lines].map((line) => `${line.map(cell).join(',')}\r\n`).join('');
}

/** A spreadsheet takes a text for a formula that begins like one, quoted or not. */
function cell(value: string | number): string {
  if (typeof value === 'number') return String(value);
  const text = visible(value);
  const plain = /^[=+\-@\s]/.test(text) ? `'${text}` : text;
  return /[",]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
