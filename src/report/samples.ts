import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod';
import { ChaosError, messageOf } from '../core/errors.ts';
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

/** @throws ChaosError `bad-file` for what is no such text */
export function decodeSamples(text: string): RawSamples {
  const encoded = read(text);
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
    const text = gunzipSync(bytes, { maxOutputLength: MOST_BYTES });
    return sha256(text) === note.sha256 ? text.toString() : undefined;
  } catch {
    // Cut off, or no gzip at all, or what grows without end.
    return undefined;
  }
}

/** Of the text; a day's run has some tens of MiB. */
const MOST_BYTES = 128 * 1024 * 1024;
const MOST_POINTS = 20_000_000;

const times = z.int().min(1).max(MOST_POINTS);
const finite = z.number().min(-1e15).max(1e15);
const seriesSchema = z.tuple([
  z.record(z.string(), z.string()),
  finite,
  z.array(z.union([finite, z.tuple([finite, times])])),
  z.array(z.union([z.string(), z.tuple([z.string(), times])])),
]);
const schema = z
  .looseObject({
    fromMs: finite,
    toMs: finite,
    asked: z.array(z.string()),
    groups: z.array(
      z.looseObject({
        name: z.string(),
        file: z.string(),
        intervalMs: z.number().min(10).max(1e12),
        evaluatedAt: finite,
      }),
    ),
    series: z.array(seriesSchema),
  })
  .refine(({ series }) => series.reduce((sum, [, , , values]) => sum + lengthOf(values), 0) <= MOST_POINTS, {
    message: `more than ${MOST_POINTS} samples`,
  })
  .refine(
    ({ series }) =>
      series.every(([, , steps, values]) => lengthOf(steps) === Math.max(0, lengthOf(values) - 1)),
    {
      message: 'times and values do not fit',
    },
  );

function read(text: string): Encoded {
  try {
    return schema.parse(JSON.parse(text)) as unknown as Encoded;
  } catch (error) {
    const [issue] = error instanceof z.ZodError ? error.issues : [];
    const why = issue ? `${issue.path.join('.')}: ${issue.message}` : messageOf(error);
    throw new ChaosError('bad-file', `These are no samples of a run: ${why}.`, {
      hint: 'take them, with their run.json, from where the two were first kept',
    });
  }
}

function lengthOf(runs: readonly unknown[]): number {
  return runs.reduce<number>((sum, run) => sum + (Array.isArray(run) ? (run[1] as number) : 1), 0);
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
