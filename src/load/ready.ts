import { availableParallelism } from 'node:os';
import type { Clock } from '../core/clock.ts';
import type { LoadNow } from '../core/events.ts';
import type { Load, LoadResult, RunningLoad } from './load.ts';
import { startGenerator } from './local-generator.ts';
import { lostResult, mergeResults } from './merge.ts';
import { fullAfterMs, peakOf } from './stages.ts';
import type { Worker } from './work.ts';

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

/** What makes a share of one load: a process on this machine, or one on another. */
export interface LoadGenerator {
  /**
   * Called once.
   * @param onNow hears several times a second where it stands
   * @returns its result, or how it ended without one; never rejects
   */
  run(load: Load, worker: Worker, onNow: (now: LoadNow) => void): Promise<LoadResult | string>;
  /** Ends the load within a second; what it came to is still told. */
  stop(): void;
  /** Ends a generator whose load is not wanted any more. */
  cancel(): void;
}

/**
 * Starts the processes of a load: as many as its connections or its rate need, but no more than there are processors.
 * @throws ChaosError `not-ready` where a process cannot be started
 */
export async function readyLoad(load: Load, clock: Clock, workers = workersFor(load)): Promise<ReadyLoad> {
  const generators = await Promise.all(Array.from({ length: workers }, () => startGenerator()));
  return shareLoad(load, clock, generators);
}

/**
 * One load in equal shares on generators that stand ready.
 * @param finish makes what is kept of the merged result and of each generator's own, in their order
 */
export function shareLoad(
  load: Load,
  clock: Clock,
  generators: readonly LoadGenerator[],
  finish: (merged: LoadResult, parts: readonly LoadResult[]) => LoadResult = (merged) => merged,
): ReadyLoad {
  const of = generators.length;
  return {
    start() {
      const startedAt = clock.now();
      const fullAt = startedAt + fullAfterMs(load.stages);
      const nows: LoadNow[] = [];
      const finished = Promise.all(
        generators.map(async (generator, index) => {
          const outcome = await generator.run(load, { index, of }, (now) => {
            nows[index] = now;
          });
          return typeof outcome === 'string'
            ? lostResult(load, { startedAt, endedAt: clock.now(), processes: of }, outcome)
            : outcome;
        }),
      ).then((parts) => finish(mergeResults(parts), parts));
      return {
        name: load.name,
        startedAt,
        fullAt,
        finished,
        snapshot: () => sum(nows),
        stop() {
          for (const generator of generators) generator.stop();
          return finished;
        },
      };
    },
    cancel() {
      for (const generator of generators) generator.cancel();
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
