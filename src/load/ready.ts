import { type ChildProcess, fork } from 'node:child_process';
import { availableParallelism } from 'node:os';
import type { Clock } from '../core/clock.ts';
import { ChaosError } from '../core/errors.ts';
import type { LoadNow } from '../core/events.ts';
import { programFile } from '../core/paths.ts';
import type { FromGenerator, ToGenerator } from './generator.ts';
import type { Load, LoadResult, RunningLoad } from './load.ts';
import { lostResult, mergeResults } from './merge.ts';
import { fullAfterMs, peakOf } from './stages.ts';

/** One process sends about 15,000 requests a second in the open model (bench/open.ts); it gets half of that. */
const RATE_PER_WORKER = 7500;

/** So many connections ask more of a fast target than one process can (bench/throughput.ts). */
const CONNECTIONS_PER_WORKER = 32;

/** A load whose processes stand ready, so that it starts within a millisecond or two. */
export interface ReadyLoad {
  start(): RunningLoad;
  /** Ends the processes of a load that is not wanted any more. */
  cancel(): void;
}

/**
 * Starts the processes of a load: as many as its connections or its rate need, but no more than there are processors.
 * @throws ChaosError `not-ready` where a process cannot be started
 */
export async function readyLoad(load: Load, clock: Clock, workers = workersFor(load)): Promise<ReadyLoad> {
  const processes = await Promise.all(Array.from({ length: workers }, () => startProcess()));
  return {
    start() {
      const startedAt = clock.now();
      const fullAt = startedAt + fullAfterMs(load.stages);
      const nows: LoadNow[] = [];
      const finished = Promise.all(
        processes.map((child, index) => {
          say(child, { type: 'start', load, worker: { index, of: workers } });
          return outcomeOf(child, (now) => {
            nows[index] = now;
          }).then((outcome) =>
            typeof outcome === 'string'
              ? lostResult(load, { startedAt, endedAt: clock.now(), processes: workers }, outcome)
              : outcome,
          );
        }),
      ).then(mergeResults);
      return {
        name: load.name,
        startedAt,
        fullAt,
        finished,
        snapshot: () => sum(nows),
        stop() {
          for (const child of processes) say(child, { type: 'stop' });
          return finished;
        },
      };
    },
    cancel() {
      for (const child of processes) child.kill();
    },
  };
}

function sum(nows: readonly LoadNow[]): LoadNow {
  const total: LoadNow = { connections: 0, inFlight: 0, completed: 0, errors: 0, failed: 0 };
  // Sparse until every process has told something; forEach passes over the holes.
  nows.forEach((now) => {
    for (const key of Object.keys(total) as (keyof LoadNow)[]) total[key] += now[key];
  });
  return total;
}

function workersFor(load: Load): number {
  const each = load.model === 'closed' ? CONNECTIONS_PER_WORKER : RATE_PER_WORKER;
  return Math.min(availableParallelism(), Math.max(1, Math.ceil(peakOf(load.stages) / each)));
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
