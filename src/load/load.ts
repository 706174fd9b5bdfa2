import type { LoadNow } from '../core/events.ts';

/** One request of the load, with the URL as it goes over the wire. */
export interface WireRequest {
  method: string;
  url: string;
  /** Sent as JSON. */
  body?: unknown;
}

/** A ramp to a number of connections, or a stretch at the last one. Milliseconds, of lab or of wall time. */
export type LoadStage = { to: number; overMs: number } | { holdMs: number };

/** A load of the closed model, ready to run. */
export interface ClosedLoad {
  name: string;
  requests: WireRequest[];
  stages: LoadStage[];
}

/** What a load did, as the run record keeps it. Failures of the target are counts, not exceptions. */
export interface LoadResult {
  name: string;
  model: 'closed';
  /** Times are milliseconds since the Unix epoch. `fullAt` is the end of the last ramp: the peak is reached. */
  startedAt: number;
  fullAt: number;
  endedAt: number;
  /** Most connections the plan asks for. */
  peakConnections: number;
  /** Connection-seconds the stages ask for, and those during which a connection was really ours to use. */
  intended: number;
  delivered: number;
  sent: number;
  completed: number;
  /** By HTTP status. */
  statuses: Record<string, number>;
  /** Requests without an answer, by kind: `refused`, `reset`, `timeout`, ... */
  errors: Record<string, number>;
  /** A closed model waits instead of dropping, so this is always 0 here. */
  dropped: number;
  /** Completed requests a second over the whole load. */
  achievedRate: number;
  /** Of completed requests, from send to last byte. A closed model cannot see what it did not ask (coordinated omission). */
  latencyMs: { p50: number; p95: number; p99: number; max: number };
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

/** Connections of the highest ramp. */
export function peakOf(stages: readonly LoadStage[]): number {
  return Math.max(0, ...stages.map((stage) => ('to' in stage ? stage.to : 0)));
}

/** Milliseconds until the stages are over; Infinity for background traffic. */
export function totalMs(stages: readonly LoadStage[]): number {
  return stages.reduce((sum, stage) => sum + ('to' in stage ? stage.overMs : stage.holdMs), 0);
}

/** When, after the start, the last ramp is over: from then on the load is what the plan calls full. */
export function fullAfterMs(stages: readonly LoadStage[]): number {
  const peak = peakOf(stages);
  let elapsed = 0;
  for (const stage of stages) {
    elapsed += 'to' in stage ? stage.overMs : stage.holdMs;
    if ('to' in stage && stage.to === peak) return elapsed;
  }
  return 0;
}

/**
 * Connections that should be open after `elapsedMs`: linear inside a ramp, rounded up so that a ramp to 80
 * reaches 80; 0 once every stage is over.
 */
export function connectionsAt(stages: readonly LoadStage[], elapsedMs: number): number {
  let from = 0;
  let start = 0;
  for (const stage of stages) {
    const length = 'to' in stage ? stage.overMs : stage.holdMs;
    const to = 'to' in stage ? stage.to : from;
    if (elapsedMs < start + length) {
      return Math.ceil(from + ((to - from) * (elapsedMs - start)) / length);
    }
    start += length;
    from = to;
  }
  return 0;
}
