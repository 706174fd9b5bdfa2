import chalk from 'chalk';
import { ChaosError, messageOf } from '../core/errors.ts';
import { tell } from './terminal.ts';

/** Says on stderr what happened, where, and what to do; a stack trace only when asked for. */
export async function printError(error: unknown, verbose: boolean): Promise<void> {
  if (error instanceof ChaosError) {
    if (error.problems.length > 0) {
      const { formatProblem } = await import('../core/problems.ts');
      for (const problem of error.problems) tell(`${formatProblem(problem)}\n`);
    }
    tell(chalk.red(error.message));
    if (error.hint) tell(`${chalk.bold('→')} ${error.hint}`);
  } else {
    tell(chalk.red(`Something in chaos itself went wrong: ${messageOf(error)}`));
    if (!verbose) tell(`${chalk.bold('→')} run it again with --verbose and report what it prints`);
  }
  if (verbose && error instanceof Error) {
    tell(error.stack ?? '');
    if (error.cause instanceof Error) tell(`caused by ${error.cause.stack ?? error.cause.message}`);
  }
}
