import {
  build,
  decodeFromCompressedBase64,
  encodeIntoCompressedBase64,
  type Histogram,
} from 'hdr-histogram-js';
import type { Latency } from './load.ts';

// Latencies are kept in HdrHistograms of whole microseconds: adding two of them loses nothing, which cannot be said
// of percentiles.

/** Ten minutes in microseconds; what takes longer counts as that. */
export const LONGEST_US = 600_000_000;

/** Whole microseconds; three digits is 0.1 %. */
export const newHistogram = (): Histogram =>
  build({
    useWebAssembly: false,
    bitBucketSize: 32,
    lowestDiscernibleValue: 1,
    highestTrackableValue: LONGEST_US,
    numberOfSignificantValueDigits: 3,
  });

/** HdrHistogram V2, deflated, in base64; nothing where nothing was recorded. */
export function encode(histogram: Histogram): string {
  return histogram.totalCount === 0 ? '' : encodeIntoCompressedBase64(histogram);
}

/** What `encode` wrote. */
export function decode(text: string): Histogram {
  return text === '' ? newHistogram() : decodeFromCompressedBase64(text, 32, false);
}

/** In milliseconds; zeros where nothing was recorded. The maximum is that of its bucket, which survives encoding. */
export function latencyOf(histogram: Histogram): Latency {
  const at = (percentile: number) => Math.round(histogram.getValueAtPercentile(percentile) / 10) / 100;
  return { p50: at(50), p95: at(95), p99: at(99), max: at(100) };
}
