import { dirname, resolve } from 'node:path';
import chalk from 'chalk';
import { iso } from '../core/clock.ts';
import { humanDuration } from '../core/duration.ts';
import { EXIT_CODES } from '../core/errors.ts';
import { visible } from '../core/visible.ts';
import { begunIn, unfinished } from '../gameday/folder.ts';
import { playGame } from '../gameday/play.ts';
import type { Result } from '../gameday/result.ts';
import { counted } from '../gameday/review.ts';
import { type Day, dayOf } from '../gameday/schedule.ts';
import { feedOf } from '../gameday/views.ts';
import { findGameday, resolveGameday } from './gamedays.ts';
import { listenForInterrupt } from './interrupt.ts';
import { printError } from './print-error.ts';
import { say } from './terminal.ts';
import { worldOf } from './world.ts';

interface Request {
  file: string | undefined;
  name: string;
  mystery: boolean;
  seed: number | undefined;
  port: number;
  resume: string | undefined;
  reports: string;
  config: string | undefined;
}

/** Plays a game day, tells its addresses and what happens, and says what came of it. Returns the exit code. */
export async function showGameday({ name, port, reports, ...request }: Request): Promise<number> {
  const { day, mystery, resume } = await chosen(name, reports, request);
  const world = await worldOf(name);
  const interrupt = listenForInterrupt(name);
  try {
    const { result, report, error } = await playGame({
      day,
      world,
      mystery,
      resume,
      reports,
      port,
      signal: interrupt.signal,
      say: (line) => say(chalk.dim(visible(line))),
      onReady({ team, facilitator }) {
        say(`${chalk.bold(visible(day.title))} on the lab ${name}${mystery ? ', a mystery' : ''}.`);
        say(`  team         ${team}`);
        say(`  facilitator  ${facilitator}`);
      },
      onEvent(event) {
        // Of a mystery, the terminal tells no more than the team's page: it may be on the same screen.
        for (const { at, text } of feedOf(day, [event], !mystery))
          say(`${chalk.dim(iso(at).slice(11, 19))}  ${visible(text)}`);
      },
    });
    say('');
    for (const line of summary(result)) say(line);
    say(`Report: ${report}`);
    if (result.status === 'interrupted')
      say(`To go on with it: chaos gameday --resume ${visible(dirname(report))} --name ${name}`);
    if (!error) return EXIT_CODES.pass.code;
    await printError(error, false);
    return error.exitCode;
  } finally {
    interrupt.end();
  }
}

/** A day that was not finished, or a new one. */
async function chosen(
  name: string,
  reports: string,
  { file, mystery, seed, resume, config }: Omit<Request, 'name' | 'port' | 'reports'>,
): Promise<{ day: Day; mystery: boolean; resume: string | undefined }> {
  const open =
    resume ?? (file === undefined && seed === undefined ? await unfinished(reports, name) : undefined);
  if (open !== undefined) {
    const begun = await begunIn(open);
    say(`Going on with the game day in ${visible(open)}; name a schedule to begin another.`);
    const day = dayOf(resolveGameday(begun.file, config), begun.seed ?? undefined);
    return { day, mystery: begun.mystery, resume: open };
  }
  const schedule = resolveGameday(resolve(findGameday(file ?? 'first')), config);
  return { day: dayOf(schedule, seed), mystery, resume: undefined };
}

function summary({ entries, points, of, falseAlarms, status, restarts }: Result): string[] {
  const incidents = entries.filter(({ kind }) => kind === 'incident');
  const took = (ms: number | null) => (ms === null ? 'not' : humanDuration(ms)).padStart(9);
  const wide = Math.max(8, ...incidents.map(({ title }) => title.length));
  return [
    chalk.bold(`${points} of ${of} points, ${counted(falseAlarms, 'false alarm')}; ${status}`),
    ...(restarts > 0 ? [`The orchestrator was started again ${counted(restarts, 'time')}.`] : []),
    chalk.dim(`${'incident'.padEnd(wide)}   detected     acked diagnosed mitigated`),
    ...incidents.map(
      ({ title, tookMs, points: got, of: most }) =>
        `${visible(title).padEnd(wide)}  ${took(tookMs.detect)} ${took(tookMs.acknowledge)} ${took(tookMs.diagnose)} ${took(tookMs.mitigate)}  ${got} of ${most}`,
    ),
  ];
}
