#!/usr/bin/env node
import yargs, { type CommandModule } from 'yargs';
import { hideBin } from 'yargs/helpers';
import { ChaosError, EXIT_CODES } from '../core/errors.ts';
import calibrate from './commands/calibrate.ts';
import coverage from './commands/coverage.ts';
import doctor from './commands/doctor.ts';
import down from './commands/down.ts';
import gameday from './commands/gameday.ts';
import grade from './commands/grade.ts';
import inbox from './commands/inbox.ts';
import init from './commands/init.ts';
import list from './commands/list.ts';
import mutate from './commands/mutate.ts';
import plan from './commands/plan.ts';
import recover from './commands/recover.ts';
import regrade from './commands/regrade.ts';
import report from './commands/report.ts';
import runCommand from './commands/run.ts';
import runbook from './commands/runbook.ts';
import status from './commands/status.ts';
import stop from './commands/stop.ts';
import up from './commands/up.ts';
import validate from './commands/validate.ts';
import { printError } from './print-error.ts';
import { version } from './version.ts';

// Each command's arguments are its own; yargs' types want one for all.
const commands = [
  up,
  down,
  status,
  doctor,
  list,
  init,
  validate,
  plan,
  runCommand,
  stop,
  recover,
  inbox,
  runbook,
  report,
  regrade,
  mutate,
  coverage,
  calibrate,
  grade,
  gameday,
] as unknown as CommandModule[];

/** Wide enough for a table, and not too wide for a sentence. In columns. */
const WIDTH = Math.min(100, process.stdout.columns ?? 100);

const exitCodes = Object.values(EXIT_CODES).map(
  ({ code, meaning }) => `  ${String(code).padStart(3)}  ${hanging(meaning, 7)}`,
);

/** A text whose further lines begin below its first. */
function hanging(text: string, indent: number): string {
  const lines = [''];
  for (const word of text.split(' ')) {
    if (lines.at(-1)!.length + word.length + 1 > WIDTH - indent) lines.push('');
    lines.push(`${lines.pop()} ${word}`.trimStart());
  }
  return lines.join(`\n${' '.repeat(indent)}`);
}

/** What yargs says of a command line; what explains it is loaded when it is needed. */
class Misused extends Error {
  readonly #options: readonly string[];

  constructor(complaint: string, options: readonly string[]) {
    super(complaint);
    this.#options = options;
  }

  async explain(args: readonly string[]): Promise<ChaosError> {
    const { usageError } = await import('./usage-error.ts');
    const declared = [...commands.map(({ command }) => String(command)), 'completion'];
    return usageError(this.message, args, { commands: declared, options: this.#options });
  }
}

/**
 * Runs one command line and returns its exit code. Nothing else ends the process, and an error is printed here
 * and only here.
 */
export async function main(args: string[]): Promise<number> {
  const verbose = args.includes('--verbose');
  // Of what is loaded from here on, a stack trace names the lines of the sources.
  if (verbose) process.setSourceMapsEnabled(true);
  let running: unknown;
  // yargs prepares its whole help text beside every handler that is asynchronous, which takes longer than many of them.
  const started = commands.map(
    (command): CommandModule => ({
      ...command,
      handler: (parsed) => {
        running = command.handler(parsed);
      },
    }),
  );
  try {
    await yargs(args)
      .scriptName('chaos')
      // Our words are English, and the folder of yargs' translations is not in the bundle.
      .detectLocale(false)
      .usage(
        '$0 <command>\n\nDrives incidents into a running observability lab and scores whether its alerts fire in time.',
      )
      .command(started)
      .option('verbose', { type: 'boolean', default: false, describe: 'with an error, show where in chaos' })
      .demandCommand(1, 'Name a command.')
      .strict()
      .exitProcess(false)
      .help('help', 'show this')
      .version('version', 'show the version', version())
      .completion('completion', 'print a script that completes commands and options in bash or zsh')
      .wrap(WIDTH)
      .example('$0 up --speed 10', 'bring the lab up, ten times as fast as written')
      .example('$0 plan api-outage', 'what would happen, and when each alert may and must fire')
      .example('$0 run api-outage', 'stop the API and score the alerts')
      .example('$0 run --help', 'what a command takes')
      .epilogue(
        `Exit codes:\n${exitCodes.join('\n')}\n\nMore in README.md, and in docs/: lab, scenarios, scoring, undo, ci.`,
      )
      .fail((message, error, usage) => {
        // What a handler threw, or yargs' own sentence about the usage, which it wraps in an error when its parser speaks.
        const { getDescriptions } = usage as unknown as { getDescriptions(): object };
        if (error && error.name !== 'YError') throw error;
        throw new Misused(error?.message ?? message, Object.keys(getDescriptions()));
      })
      .parseAsync();
    await running;
    return Number(process.exitCode ?? 0);
  } catch (thrown) {
    const error = thrown instanceof Misused ? await thrown.explain(args) : thrown;
    await printError(error, verbose);
    return error instanceof ChaosError ? error.exitCode : EXIT_CODES.notReady.code;
  }
}

// `chaos list | head` closes the pipe early; that is no reason to end a run in the middle of a fault.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
process.exitCode = await main(hideBin(process.argv));
