import { SETTINGS } from '../verdict/delays.ts';
import { controlHolds } from '../verdict/score.ts';
import type { Delay } from '../verdict/verdict.ts';
import type { RunRecord } from './record.ts';

/** How far a scenario's verdict can be trusted, from runs of it and from controls of it. */
export interface Calibration {
  scenario: string;
  runs: number;
  /** Runs that should have passed and did not; inconclusive ones apart. */
  falseFails: number;
  inconclusive: number;
  controls: number;
  /** Controls in which something was detected that had no cause. */
  falsePasses: number;
  /** Of each expectation, in the scenario's order. */
  delays: DelaySpread[];
}

export interface DelaySpread {
  alert: string;
  labels: Record<string, string>;
  name: Delay['name'] | 'whole';
  /** Wall milliseconds; null where it was never seen. */
  leastMs: number | null;
  medianMs: number | null;
  mostMs: number | null;
}

const NAMES: DelaySpread['name'][] = [...SETTINGS.map(({ name }) => name), 'whole'];

/** @param records of one scenario, controls among them */
export function calibrationOf(records: readonly RunRecord[]): Calibration {
  const runs = records.filter(({ control }) => control === undefined);
  const controls = records.filter(({ control }) => control !== undefined);
  const count = (verdict: RunRecord['verdict']) => runs.filter((record) => record.verdict === verdict).length;
  return {
    scenario: records[0]?.scenario ?? '',
    runs: runs.length,
    falseFails: count('fail'),
    inconclusive: count('inconclusive'),
    controls: controls.length,
    falsePasses: controls.filter((record) => !controlHolds(record)).length,
    delays: (runs[0]?.expectations ?? []).flatMap(({ alert, labels }, index) =>
      NAMES.map((name) => ({
        alert,
        labels,
        name,
        ...spread(runs.flatMap(({ expectations }) => lengthOf(expectations[index]?.delays ?? [], name))),
      })),
    ),
  };
}

function lengthOf(delays: readonly Delay[], name: DelaySpread['name']): number[] {
  if (name !== 'whole') return delays.filter((delay) => delay.name === name).map(({ ms }) => ms);
  return delays.length > 0 ? [delays.reduce((sum, { ms }) => sum + ms, 0)] : [];
}

function spread(values: readonly number[]): Pick<DelaySpread, 'leastMs' | 'medianMs' | 'mostMs'> {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const median = Number.isInteger(middle)
    ? ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
    : sorted[Math.floor(middle)]!;
  return {
    leastMs: sorted[0] ?? null,
    medianMs: sorted.length > 0 ? median : null,
    mostMs: sorted.at(-1) ?? null,
  };
}
