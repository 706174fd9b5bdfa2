import { humanDuration } from '../../core/duration.ts';
import type { RunRecord } from '../record.ts';

/** The time axis of a report: the run from its first to its last moment, told as lab time from the end of the baseline. */
export interface Span {
  fromMs: number;
  toMs: number;
  zeroMs: number;
  speed: number;
}

export function spanOf({ startedAt, zeroAt, endedAt, speed }: RunRecord): Span {
  const fromMs = Date.parse(startedAt);
  return { fromMs, toMs: Math.max(fromMs + 1, Date.parse(endedAt)), zeroMs: Date.parse(zeroAt), speed };
}

/** Where a moment lies, in percent of the width; what is outside lies at the edge. */
export function percentAt({ fromMs, toMs }: Span, ms: number): number {
  const share = (Math.min(toMs, Math.max(fromMs, ms)) - fromMs) / (toMs - fromMs);
  return Math.round(share * 100_000) / 1000;
}

/** `1m6s`: lab time since the end of the baseline. */
export function labTime({ zeroMs, speed }: Span, ms: number): string {
  return humanDuration((ms - zeroMs) * speed);
}

/** A stretch of wall milliseconds as lab time. */
export function labLength({ speed }: Pick<Span, 'speed'>, ms: number): string {
  return humanDuration(ms * speed);
}

const STEPS_S = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400, 28_800, 86_400];
const MOST_TICKS = 7;

/** Round moments along the axis, as lab time. */
export function ticksOf(span: Span): { percent: number; label: string }[] {
  const { fromMs, toMs, zeroMs, speed } = span;
  const labSeconds = ((toMs - fromMs) * speed) / 1000;
  const step = STEPS_S.find((one) => labSeconds / one <= MOST_TICKS) ?? Math.ceil(labSeconds / MOST_TICKS);
  const stepMs = (step * 1000) / speed;
  const first = zeroMs + Math.ceil((fromMs - zeroMs) / stepMs) * stepMs;
  const count = Math.min(MOST_TICKS + 1, Math.floor((toMs - first) / stepMs) + 1);
  return Array.from({ length: Math.max(0, count) }, (_, i) => {
    const at = first + i * stepMs;
    return { percent: percentAt(span, at), label: labTime(span, at) };
  });
}
