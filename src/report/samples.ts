import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { RawSamples } from '../run/samples.ts';

/** The file beside run.json. */
export const SAMPLES_FILE = 'samples.json.gz';

/** What a record says of the samples beside it. The hash, in hexadecimal, is of their text before compression. */
export interface SamplesNote {
  file: typeof SAMPLES_FILE;
  sha256: string;
  series: number;
  points: number;
}

/**
 * Raw samples as they are kept: a series is its labels, its first timestamp, the steps from each to the next, and its
 * values as Prometheus wrote them. Both lists hold a run of equal neighbours as `[item, times]`, since targets are
 * scraped to the beat and most values stand still. Timestamps are milliseconds since the Unix epoch.
 */
interface Encoded extends Omit<RawSamples, 'series'> {
  series: [labels: Record<string, string>, startMs: number, steps: Runs<number>, values: Runs<string>][];
}

type Runs<T> = (T | [item: T, times: number])[];

/** The text of the samples file, before compression. */
export function encodeSamples(samples: RawSamples): string {
  const series: Encoded['series'] = samples.series.map(({ metric, values }) => {
    const times = values.map(([seconds]) => Math.round(seconds * 1000));
    const steps = times.slice(1).map((time, i) => time - times[i]!);
    return [metric, times[0] ?? 0, toRuns(steps), toRuns(values.map(([, value]) => value))];
  });
  return JSON.stringify({ ...samples, series });
}

export function decodeSamples(text: string): RawSamples {
  const encoded = JSON.parse(text) as Encoded;
  const series = encoded.series.map(([metric, startMs, steps, values]) => {
    let at = startMs;
    const times = [at, ...fromRuns(steps).map((step) => (at += step))];
    return {
      metric,
      values: fromRuns(values).map((value, i): [number, string] => [times[i]! / 1000, value]),
    };
  });
  return { ...encoded, series };
}

/** The file's bytes, and what the record says of them. */
export function packSamples(samples: RawSamples): { bytes: Buffer; note: SamplesNote } {
  const text = encodeSamples(samples);
  const points = samples.series.reduce((sum, { values }) => sum + values.length, 0);
  const note = { file: SAMPLES_FILE, sha256: sha256(text), series: samples.series.length, points } as const;
  return { bytes: gzipSync(text, { level: 9 }), note };
}

/** @returns their text, or undefined where the bytes are not those that the record speaks of */
export function textOfSamples(bytes: Buffer, note: SamplesNote): string | undefined {
  try {
    const text = gunzipSync(bytes);
    return sha256(text) === note.sha256 ? text.toString() : undefined;
  } catch {
    // Cut off, or no gzip at all.
    return undefined;
  }
}

function sha256(text: string | Buffer): string {
  return createHash('sha256').update(text).digest('hex');
}

function toRuns<T>(items: readonly T[]): Runs<T> {
  const runs: [T, number][] = [];
  for (const item of items) {
    const last = runs.at(-1);
    if (last && last[0] === item) last[1]++;
    else runs.push([item, 1]);
  }
  return runs.map(([item, times]) => (times === 1 ? item : [item, times]));
}

function fromRuns<T>(runs: Runs<T>): T[] {
  return runs.flatMap((run) => (Array.isArray(run) ? new Array<T>(run[1]).fill(run[0]) : [run]));
}
