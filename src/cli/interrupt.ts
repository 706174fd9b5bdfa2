import { ChaosError, EXIT_CODES, messageOf } from '../core/errors.ts';
import { tell } from './terminal.ts';

/** What `chaos stop` sends to the run on a lab. */
export const STOP_SIGNAL = 'SIGUSR2';

/** The first signal undoes and ends the run; a second one leaves at once, and says what that means. */
export function listenForInterrupt(lab: string) {
  return listen({
    first: 'Interrupted: taking everything back. Once more leaves at once.',
    second: `Left at once; the reaper takes back what is left. "chaos recover --name ${lab}" waits for that.`,
  });
}

/** The same of a class: what is finished is kept. */
export function listenForInterruptOfClass() {
  return listen({
    first: 'Interrupted: ending what is under way; what is finished is kept. Once more leaves at once.',
    second: 'Left at once. What is finished is kept; the reaper takes back what is left of the others.',
  });
}

function listen(words: { first: string; second: string }) {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      tell(words.second);
      process.exit(EXIT_CODES.interrupted.code);
    }
    tell(words.first);
    controller.abort(new ChaosError('interrupted', `${name} from the user`));
  };
  const onStop = () => {
    tell('Stopped from another terminal: taking everything back.');
    controller.abort(new ChaosError('stopped', 'chaos stop'));
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
  process.on(STOP_SIGNAL, onStop);
  process.on('uncaughtException', onMistake);
  return {
    signal: controller.signal,
    end: () => {
      for (const name of signals) process.off(name, onSignal);
      process.off(STOP_SIGNAL, onStop);
      process.off('uncaughtException', onMistake);
    },
  };
}
