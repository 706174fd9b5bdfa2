import chalk from 'chalk';
import wrapAnsi from 'wrap-ansi';
import { visible } from '../core/visible.ts';
import type { SummaryLine, Tone } from '../report/summary.ts';

const COLOURS: Record<Tone, (text: string) => string> = {
  plain: (text) => text,
  strong: chalk.bold,
  dim: chalk.dim,
  good: chalk.green,
  bad: chalk.red,
  doubtful: chalk.yellow,
};

/** Where what a line of the summary says begins, and its continuation as well. In columns. */
const INDENT = 13;

/**
 * A line of the summary in colour.
 * @param columns of the terminal, in which it is broken between words; a pipe has none, and gets it whole
 */
export function paint(line: SummaryLine, columns?: number): string {
  const whole = line.map(({ text, tone }) => COLOURS[tone ?? 'plain'](visible(text))).join('');
  if (columns === undefined || columns < 4 * INDENT) return whole;
  const [first = '', ...rest] = wrapAnsi(whole, columns, { trim: false }).split('\n');
  if (rest.length === 0) return first;
  const further = wrapAnsi(rest.join('').trimStart(), columns - INDENT).split('\n');
  return [first, ...further.map((one) => `${' '.repeat(INDENT)}${one}`)].join('\n');
}
