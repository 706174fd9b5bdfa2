import { decode, encode, latencyOf, newHistogram } from './histogram.ts';
import { type Counts, type Load, type LoadResult, type LoadSecond, noCounts } from './load.ts';
import { area, fullAfterMs, peakOf } from './stages.ts';

/** Adds up what the processes of one load have done side by side. Histograms are added, so nothing is lost. */
export function mergeResults(results: readonly LoadResult[]): LoadResult {
  const [first, ...others] = results;
  if (!first) throw new Error('a load has at least one process');
  if (others.length === 0) return first;
  const sum = (of: (result: LoadResult) => number) => results.reduce((total, one) => total + of(one), 0);
  const most = (of: (result: LoadResult) => number) => Math.max(...results.map(of));
  const cpuMs = sum(({ generator }) => generator.cpuMs);
  return {
    ...first,
    endedAt: most(({ endedAt }) => endedAt),
    intended: rounded(
      sum(({ intended }) => intended),
      10,
    ),
    delivered: rounded(
      sum(({ delivered }) => delivered),
      10,
    ),
    sent: sum(({ sent }) => sent),
    completed: sum(({ completed }) => completed),
    statuses: addUp(results.map(({ statuses }) => statuses)),
    errors: addUp(results.map(({ errors }) => errors)),
    dropped: sum(({ dropped }) => dropped),
    achievedRate: rounded(
      sum(({ achievedRate }) => achievedRate),
      10,
    ),
    ...mergeSeconds(results.map(({ seconds }) => seconds)),
    generator: {
      cpuMs,
      cores: rounded(
        sum(({ generator }) => generator.cores),
        100,
      ),
      lagMs: {
        p99: most(({ generator }) => generator.lagMs.p99),
        max: most(({ generator }) => generator.lagMs.max),
      },
    },
    error: results.map(({ error }) => error).find((error) => error !== null) ?? null,
  };
}

/** To so many parts of one, as each process rounds its own. */
const rounded = (value: number, parts: number) => Math.round(value * parts) / parts;

/** What is left of a process that ended without a result: all that it should have done until now, and nothing done. */
export function lostResult(
  load: Load,
  { startedAt, endedAt, processes }: { startedAt: number; endedAt: number; processes: number },
  error: string,
): LoadResult {
  const nothing = newHistogram();
  return {
    name: load.name,
    model: load.model,
    startedAt,
    fullAt: startedAt + fullAfterMs(load.stages),
    endedAt,
    peak: peakOf(load.stages),
    intended: area(load.stages, endedAt - startedAt) / processes,
    delivered: 0,
    sent: 0,
    completed: 0,
    statuses: {},
    errors: {},
    dropped: 0,
    achievedRate: 0,
    latencyMs: latencyOf(nothing),
    seconds: [],
    generator: { cpuMs: 0, cores: 0, lagMs: { p99: 0, max: 0 } },
    error,
  };
}

function mergeSeconds(workers: readonly LoadSecond[][]): Pick<LoadResult, 'seconds' | 'latencyMs'> {
  const all = newHistogram();
  const bySecond = new Map<number, LoadSecond[]>();
  for (const one of workers.flat()) bySecond.set(one.second, [...(bySecond.get(one.second) ?? []), one]);
  const seconds = [...bySecond]
    .sort(([a], [b]) => a - b)
    .map(([second, parts]) => {
      const latency = newHistogram();
      const counts = noCounts();
      for (const part of parts) {
        for (const key of Object.keys(counts) as (keyof Counts)[]) counts[key] += part[key];
        latency.add(decode(part.histogram));
      }
      all.add(latency);
      return { second, ...counts, latencyMs: latencyOf(latency), histogram: encode(latency) };
    });
  return { seconds, latencyMs: latencyOf(all) };
}

function addUp(counts: readonly Record<string, number>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const [key, count] of counts.flatMap(Object.entries)) sums[key] = (sums[key] ?? 0) + count;
  return sums;
}
