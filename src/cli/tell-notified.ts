import chalk from 'chalk';
import { ownName } from '../core/labels.ts';
import { jsonText, visible } from '../core/visible.ts';
import type { Notified } from '../observe/inbox.ts';
import { say } from './terminal.ts';

/** One notified alert as a line: when it arrived (UTC), what it says, how bad. */
export function tellNotified(one: Notified, json: boolean): void {
  if (json) {
    say(jsonText(one, 0));
    return;
  }
  const { labels, status, receivedAt } = one;
  const word = status === 'firing' ? chalk.red('firing  ') : chalk.green('resolved');
  const severity = labels.severity ? chalk.dim(`  ${visible(labels.severity)}`) : '';
  say(`${receivedAt.slice(11, 19)}  ${word}  ${ownName(labels)}${severity}`);
}
