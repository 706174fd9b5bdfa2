import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Clock } from '../core/clock.ts';
import { workClosed } from './closed.ts';
import type { GeneratorUse, Load, LoadResult, RunningLoad } from './load.ts';
import { workOpen } from './open.ts';
import { fullAfterMs, peakOf } from './stages.ts';
import { Tally } from './tally.ts';

/** One model at work. */
export interface Work {
  /** Resolves when every stage is over, or after `stop`, with the two figures of the result. */
  readonly done: Promise<{ intended: number; delivered: number }>;
  connections(): number;
  inFlight(): number;
  stop(): void;
}

/** Which of several processes that share one load this is. */
export interface Worker {
  index: number;
  of: number;
}

/** Resolution of the lag's sampling, in milliseconds; it is part of every sample, and taken off again. */
const LAG_RESOLUTION_MS = 10;

/** Starts a load in this process. For a run, `readyLoad` starts it in one of its own. */
export function startLoad(load: Load, clock: Clock, worker: Worker = { index: 0, of: 1 }): RunningLoad {
  const startedAt = clock.now();
  const fullAt = startedAt + fullAfterMs(load.stages);
  const origin = performance.now();
  const tally = new Tally(() => performance.now() - origin);
  const used = watchOurselves();
  const work =
    load.model === 'closed' ? workClosed(load, tally, clock, worker) : workOpen(load, tally, clock, worker);

  const finished = work.done.then(({ intended, delivered }): LoadResult => {
    const endedAt = clock.now();
    const counted = tally.end();
    return {
      name: load.name,
      model: load.model,
      startedAt,
      fullAt,
      endedAt,
      peak: peakOf(load.stages),
      intended: tenths(intended),
      delivered: tenths(delivered),
      ...counted,
      achievedRate: tenths(counted.completed / Math.max(0.001, (endedAt - startedAt) / 1000)),
      generator: used(),
      error: null,
    };
  });
  return {
    name: load.name,
    startedAt,
    fullAt,
    finished,
    snapshot() {
      const { completed, errors, failed } = tally.totals;
      return { connections: work.connections(), inFlight: work.inFlight(), completed, errors, failed };
    },
    stop() {
      work.stop();
      return finished;
    },
  };
}

export const tenths = (value: number): number => Math.round(value * 10) / 10;

/** Processor time and lag of this process from now until the answer is asked. */
function watchOurselves(): () => GeneratorUse {
  const cpu = process.cpuUsage();
  const began = performance.now();
  const delay = monitorEventLoopDelay({ resolution: LAG_RESOLUTION_MS });
  delay.enable();
  return () => {
    delay.disable();
    const { user, system } = process.cpuUsage(cpu);
    const cpuMs = (user + system) / 1000;
    const lag = (nanoseconds: number) => tenths(Math.max(0, nanoseconds / 1e6 - LAG_RESOLUTION_MS));
    return {
      cpuMs: Math.round(cpuMs),
      cores: Math.round((cpuMs / Math.max(1, performance.now() - began)) * 100) / 100,
      lagMs: { p99: lag(delay.percentile(99)), max: lag(delay.max) },
    };
  };
}
