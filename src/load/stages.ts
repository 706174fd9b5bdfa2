/**
 * A ramp to a level, or a stretch at the last one. A level is connections in the closed model, requests per second
 * of wall time in the open one. Milliseconds, of lab or of wall time.
 */
export type LoadStage = { to: number; overMs: number } | { holdMs: number };

/** Level of the highest ramp. */
export function peakOf(stages: readonly LoadStage[]): number {
  return Math.max(0, ...stages.map((stage) => ('to' in stage ? stage.to : 0)));
}

/** Milliseconds until the stages are over; Infinity for background traffic. */
export function totalMs(stages: readonly LoadStage[]): number {
  return stages.reduce((sum, stage) => sum + lengthOf(stage), 0);
}

/** When, after the start, the last ramp is over: from then on the load is what the plan calls full. */
export function fullAfterMs(stages: readonly LoadStage[]): number {
  const peak = peakOf(stages);
  let elapsed = 0;
  for (const stage of stages) {
    elapsed += lengthOf(stage);
    if ('to' in stage && stage.to === peak) return elapsed;
  }
  return 0;
}

/** The level after `elapsedMs`: linear inside a ramp, 0 once every stage is over. */
export function levelAt(stages: readonly LoadStage[], elapsedMs: number): number {
  for (const { startMs, lengthMs, from, to } of pieces(stages)) {
    if (elapsedMs < startMs + lengthMs) return from + ((to - from) * (elapsedMs - startMs)) / lengthMs;
  }
  return 0;
}

/** The level added up over the first `elapsedMs`: connection-seconds, or requests. */
export function area(stages: readonly LoadStage[], elapsedMs: number): number {
  let sum = 0;
  for (const { startMs, lengthMs, from, to } of pieces(stages)) {
    const spent = Math.min(lengthMs, elapsedMs - startMs);
    if (spent < 0) break;
    if (spent === 0) continue;
    const reached = from + ((to - from) * spent) / lengthMs;
    sum += ((from + reached) / 2 / 1000) * spent;
  }
  return sum;
}

/** A stage with the level it comes from and the time it begins at. */
export interface Piece {
  startMs: number;
  lengthMs: number;
  from: number;
  to: number;
}

/** The stages as straight lines, one after the other. */
export function* pieces(stages: readonly LoadStage[]): Generator<Piece> {
  let startMs = 0;
  let from = 0;
  for (const stage of stages) {
    const to = 'to' in stage ? stage.to : from;
    const lengthMs = lengthOf(stage);
    yield { startMs, lengthMs, from, to };
    startMs += lengthMs;
    from = to;
  }
}

function lengthOf(stage: LoadStage): number {
  return 'to' in stage ? stage.overMs : stage.holdMs;
}
