import type { Problem } from './errors.ts';
import { visible } from './visible.ts';

/** Nobody mends more at once; the rest is told when these are mended. */
export const MOST_PROBLEMS = 100;

/** By place, each complaint once, and no more than can be read. */
export function inOrder(problems: readonly Problem[]): Problem[] {
  const once = new Map(problems.map((one) => [`${one.line}:${one.column}:${one.message}`, one]));
  const sorted = [...once.values()].sort((a, b) => a.line - b.line || a.column - b.column);
  const last = sorted[MOST_PROBLEMS];
  return last
    ? [...sorted.slice(0, MOST_PROBLEMS), { ...last, message: 'and more from here on; mend these first' }]
    : sorted;
}

/** Plain text: place, message, the line with a caret, the hint. Nothing in it can move a terminal's cursor. */
export function formatProblem({ file, line, column, message, source, hint }: Problem): string {
  const parts = [`${visible(file)}:${line}:${column}: ${visible(message)}`];
  if (source !== undefined) {
    // Long lines are cut around the column, so that the caret stays on the screen.
    const from = Math.max(0, column - 61);
    const cut = visible(source.slice(from, from + 100));
    const prefix = `${String(line).padStart(5)} | `;
    const caret = visible(source.slice(from, column - 1)).length;
    parts.push(prefix + cut, `${' '.repeat(prefix.length + caret)}^`);
  }
  if (hint) parts.push(`      hint: ${visible(hint)}`);
  return parts.join('\n');
}
