import chalk from 'chalk';
import { ChaosError, messageOf } from '../core/errors.ts';

/** Says on stderr what happened, where, and what to do; a stack trace only when asked for. */
export async function printError(error: unknown, verbose: boolean): Promise<void> {
  const say = (text: string) => process.stderr.write(`${text}\n`);
  if (error instanceof ChaosError) {
    if (error.problems.length > 0) {
      const { formatProblem } = await import('../scenario/problems.ts');
      for (const problem of error.problems) say(`${formatProblem(problem)}\n`);
    }
    say(chalk.red(error.message));
    if (error.hint) say(`${chalk.bold('→')} ${error.hint}`);
  } else {
    say(chalk.red(`Something in chaos itself went wrong: ${messageOf(error)}`));
    if (!verbose) say(`${chalk.bold('→')} run it again with --verbose and report what it prints`);
  }
  if (verbose && error instanceof Error) {
    say(error.stack ?? '');
    if (error.cause instanceof Error) say(`caused by ${error.cause.stack ?? error.cause.message}`);
  }
}
