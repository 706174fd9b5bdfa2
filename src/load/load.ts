import type { LoadNow } from '../core/events.ts';
import type { Arrivals } from './pacer.ts';
import type { LoadStage } from './stages.ts';

/** One request of the load, with the URL as it goes over the wire. */
export interface WireRequest {
  method: string;
  url: string;
  /** Sent as JSON. */
  body?: unknown;
}

interface AnyLoad {
  name: string;
  /** Asked in turn. At least one. */
  requests: WireRequest[];
  /** In wall time. */
  stages: LoadStage[];
}

/** Closed model: so many connections, each of which waits for its answer before it asks again. */
export interface ClosedLoad extends AnyLoad {
  model: 'closed';
}

/** Open model: requests are sent when they are due, whether or not earlier ones have been answered. */
export interface OpenLoad extends AnyLoad {
  model: 'open';
  arrivals: Arrivals;
  /** A request that is due while so many are without an answer is dropped, and counted. */
  maxInFlight: number;
}

/** A load ready to run. */
export type Load = ClosedLoad | OpenLoad;

/** Percentiles in milliseconds; zeros where nothing was answered. */
export interface Latency {
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

/** What is counted. */
export interface Counts {
  sent: number;
  completed: number;
  /** Answers with status 500 and above. */
  failed: number;
  /** Requests without an answer. */
  errors: number;
  dropped: number;
}

export const noCounts = (): Counts => ({ sent: 0, completed: 0, failed: 0, errors: 0, dropped: 0 });

/** What happened in one second of wall time. Answers and errors are counted in the second in which they came. */
export interface LoadSecond extends Counts {
  /** Counted from the start of the load, from 0. */
  second: number;
  latencyMs: Latency;
  /** Every latency of this second, in microseconds: an HdrHistogram V2, deflated, in base64. */
  histogram: string;
}

/** How the process that made the load was doing. A generator that is busy or late measures itself. */
export interface GeneratorUse {
  /** Processor time, in milliseconds, and as a mean number of cores. */
  cpuMs: number;
  cores: number;
  /** How much later than asked its event loop came round, in milliseconds. */
  lagMs: { p99: number; max: number };
}

/** What one of several generators did of a load; intended, delivered and counts as those of the whole. */
export interface GeneratorShare {
  /** Number of its task in the Swarm service, from 1. */
  slot: number;
  /** Host name of the machine it ran on. */
  node: string;
  /** How far that machine's clock was ahead of ours, and how long it took to answer, in milliseconds. */
  clockOffsetMs: number;
  roundTripMs: number;
  /** When it began, by our clock: milliseconds since the Unix epoch. */
  startedAt: number;
  intended: number;
  delivered: number;
  sent: number;
  completed: number;
  error: string | null;
}

/** What a load did, as the run record keeps it. Failures of the target are counts, not exceptions. */
export interface LoadResult {
  name: string;
  model: Load['model'];
  /** Times are milliseconds since the Unix epoch. `fullAt` is the end of the last ramp: the peak is reached. */
  startedAt: number;
  fullAt: number;
  endedAt: number;
  /** Highest level of the plan: connections, or requests per second. */
  peak: number;
  /**
   * What the stages ask for and what came of it. Closed: connection-seconds, and those during which a connection was
   * really ours to use. Open: requests that were due, and requests that were sent.
   */
  intended: number;
  delivered: number;
  sent: number;
  completed: number;
  /** By HTTP status. */
  statuses: Record<string, number>;
  /** Requests without an answer, by kind: `refused`, `reset`, `timeout`, ... */
  errors: Record<string, number>;
  /** Requests that were due while too many were in flight. A closed model waits instead, so there it is 0. */
  dropped: number;
  /** Completed requests a second over the whole load. */
  achievedRate: number;
  /**
   * Of completed requests, to the last byte. Open: from the moment the request was due. Closed: from its sending; a
   * closed model cannot see what it did not ask (coordinated omission).
   */
  latencyMs: Latency;
  seconds: LoadSecond[];
  generator: GeneratorUse;
  /** Of a load from more than one machine, what each generator did of it. */
  generators?: GeneratorShare[];
  /** Why our own generator did not come to its end, where it did not. */
  error: string | null;
}

/** A load under way. */
export interface RunningLoad {
  readonly name: string;
  readonly startedAt: number;
  /** When the last ramp will have reached the peak, by the plan. */
  readonly fullAt: number;
  snapshot(): LoadNow;
  /** Resolves when every stage is over, or after `stop`. Never rejects. */
  readonly finished: Promise<LoadResult>;
  /** Ends the load within a second. May be called more than once. */
  stop(): Promise<LoadResult>;
}
