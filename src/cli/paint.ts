import chalk from 'chalk';
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

/** A line of the summary in colour. */
export function paint(line: SummaryLine): string {
  return line.map(({ text, tone }) => COLOURS[tone ?? 'plain'](visible(text))).join('');
}
