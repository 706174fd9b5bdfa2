import { join } from 'node:path';
import chalk from 'chalk';
import { humanDuration } from '../core/duration.ts';
import { ChaosError } from '../core/errors.ts';
import { STACK_DIR } from '../core/paths.ts';
import { didYouMean } from '../core/suggest.ts';
import { visible } from '../core/visible.ts';
import { type Runbook, readRunbooks } from '../runbook/page.ts';
import { type RunbookRecord, readRunbookRecords } from '../runbook/record.ts';
import { say, sayJson } from './terminal.ts';

interface Request {
  alert?: string | undefined;
  json: boolean;
  reports: string;
  runbooks?: string | undefined;
}

/** The folder of the pages that come with the lab. */
export const RUNBOOKS_DIR = join(STACK_DIR, 'runbooks');

/** The page of an alert, or the list of all. @throws ChaosError `usage` for an alert without one */
export function showRunbooks({ alert, json, reports, runbooks: dir = RUNBOOKS_DIR }: Request): void {
  const runbooks = readRunbooks(dir);
  if (alert === undefined) {
    list([...runbooks.values()], readRunbookRecords(reports), json);
    return;
  }
  const runbook = runbooks.get(alert);
  if (!runbook)
    throw new ChaosError('usage', `There is no runbook for ${visible(alert)}.`, {
      hint: didYouMean(alert, [...runbooks.keys()]) ?? 'chaos runbook lists them',
    });
  if (json) sayJson(plain(runbook));
  else
    for (const line of runbook.text.trimEnd().split('\n'))
      say(line.startsWith('#') ? chalk.bold(line) : line);
}

function plain({ alert, file, text, steps }: Runbook) {
  const declared = steps.map(({ step, target, value }) => ({
    ...{ type: step.type, target, value, does: step.describe(target, value) },
  }));
  return { alert, file, steps: declared, text };
}

function list(runbooks: readonly Runbook[], records: readonly RunbookRecord[], json: boolean): void {
  const last = (alert: string) => records.findLast((one) => one.alert === alert) ?? null;
  if (json) {
    sayJson(runbooks.map((one) => ({ ...plain(one), last: last(one.alert) })));
    return;
  }
  const width = Math.max(...runbooks.map(({ alert }) => alert.length));
  for (const { alert, steps } of runbooks) {
    const does = steps.map(({ step, target, value }) => step.describe(target, value));
    say(`${chalk.bold(alert.padEnd(width))}  ${does[0] ?? chalk.dim('left to a person')}`);
    for (const line of does.slice(1)) say(`${' '.repeat(width)}  ${line}`);
    const record = last(alert);
    if (record) say(`${' '.repeat(width)}  ${chalk.dim(`last: ${outcomeOf(record)}`)}`);
  }
}

/** What came of following a runbook, and when. */
export function outcomeOf({ status, startsAt, timeToRestoreMs: took }: RunbookRecord): string {
  const at = `${startsAt.slice(0, 16).replace('T', ' ')}Z`;
  if (!took) return `${status.replaceAll('-', ' ')}, ${at}`;
  return `restored ${humanDuration(took.fromNotification)} after its notification, ${at}`;
}
