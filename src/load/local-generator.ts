import { type ChildProcess, fork } from 'node:child_process';
import { ChaosError } from '../core/errors.ts';
import type { LoadNow } from '../core/events.ts';
import { programFile } from '../core/paths.ts';
import type { FromGenerator, ToGenerator } from './generator.ts';
import type { LoadResult } from './load.ts';
import type { LoadGenerator } from './ready.ts';

/**
 * Starts a process that makes a share of a load on this machine.
 * @throws ChaosError `not-ready` where it cannot be started
 */
export async function startGenerator(): Promise<LoadGenerator> {
  const child = await startProcess();
  return {
    run(load, worker, onNow) {
      say(child, { type: 'start', load, worker });
      return outcomeOf(child, onNow);
    },
    stop: () => say(child, { type: 'stop' }),
    cancel: () => void child.kill(),
  };
}

function startProcess(): Promise<ChildProcess> {
  const child = fork(programFile('load/generator'), {
    // JSON has no Infinity, which is how long background traffic holds.
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    const failed = (error: Error) =>
      reject(
        new ChaosError('not-ready', `A load generator could not be started: ${error.message}.`, {
          cause: error,
        }),
      );
    child.once('error', failed);
    child.once('exit', (code) => failed(new Error(`it ended with exit code ${code}`)));
    child.once('message', () => {
      child.removeAllListeners('exit');
      resolve(child);
    });
  });
}

/** What it comes to: its result, or how it ended without one. */
function outcomeOf(child: ChildProcess, onNow: (now: LoadNow) => void): Promise<LoadResult | string> {
  return new Promise((resolve) => {
    child.on('message', (message: FromGenerator) => {
      if (message.type === 'now') onNow(message.now);
      if (message.type === 'done') resolve(message.result);
    });
    child.once('exit', (code, signal) =>
      resolve(`the load generator ended by ${signal ?? `exit code ${code}`}`),
    );
  });
}

function say(child: ChildProcess, message: ToGenerator): void {
  // One that has ended in between cannot be told, and need not.
  if (child.connected) child.send(message, () => {});
}
