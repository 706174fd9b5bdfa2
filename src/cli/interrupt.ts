import { ChaosError, EXIT_CODES, messageOf } from '../core/errors.ts';

/** The first signal undoes and ends the run; a second one leaves at once, and says what that means. */
export function listenForInterrupt(lab: string) {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      process.stderr.write(
        `Left without undoing. "chaos status --name ${lab}" shows what is down; "chaos up --name ${lab}" starts it.\n`,
      );
      process.exit(EXIT_CODES.interrupted.code);
    }
    process.stderr.write('Interrupted: taking everything back. Once more leaves at once.\n');
    controller.abort(new ChaosError('interrupted', `${name} from the user`));
  };
  // A mistake of ours in some corner must not leave the lab broken either.
  const onMistake = (error: unknown) =>
    controller.abort(
      new ChaosError('internal', `Something in chaos itself went wrong: ${messageOf(error)}`, {
        cause: error,
      }),
    );
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, onSignal);
  process.on('uncaughtException', onMistake);
  return {
    signal: controller.signal,
    end: () => {
      for (const name of signals) process.off(name, onSignal);
      process.off('uncaughtException', onMistake);
    },
  };
}
