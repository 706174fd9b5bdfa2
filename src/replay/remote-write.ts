import type { Labels } from '../core/labels.ts';

/** One sample to be written; `undefined` marks that the series has ended, as a scrape without it does. */
export type Point = [atMs: number, value: string | undefined];

export interface Points {
  /** With `__name__`. */
  metric: Labels;
  /** In time order. */
  points: Point[];
}

/** The bits by which Prometheus marks the end of a series (model/value/value.go): a NaN that no text stands for. */
const STALE = Buffer.from('020000000000f07f', 'hex');

/** The most that one literal of snappy holds with a length of two bytes. */
const LITERAL = 65_536;

/**
 * The body of a remote write request, version 1 (prometheus/prompb/remote.proto), in snappy's block format
 * (google/snappy/format_description.txt), uncompressed: it goes over loopback. Written here rather than by a
 * library because JavaScript's numbers do not carry the bits of a marker through one.
 */
export function remoteWriteBody(series: readonly Points[]): Buffer {
  const message = Buffer.concat(series.map((one) => field(1, timeSeries(one))));
  const parts = [varint(message.length)];
  for (let at = 0; at < message.length; at += LITERAL) {
    const literal = message.subarray(at, at + LITERAL);
    // Tag 61: a literal whose length, less one, follows in two bytes.
    parts.push(Buffer.from([61 << 2, (literal.length - 1) & 0xff, (literal.length - 1) >> 8]), literal);
  }
  return Buffer.concat(parts);
}

function timeSeries({ metric, points }: Points): Buffer {
  // The receiver wants labels in order, by their bytes.
  const labels = Object.entries(metric).sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  return Buffer.concat([
    ...labels.map(([name, value]) =>
      field(1, Buffer.concat([field(1, Buffer.from(name)), field(2, Buffer.from(value))])),
    ),
    ...points.map((point) => field(2, sample(point))),
  ]);
}

/** Field 1 is a double of eight bytes, field 2 a whole number. */
function sample([atMs, text]: Point): Buffer {
  const value = Buffer.from(STALE);
  if (text !== undefined) value.writeDoubleLE(numberOf(text));
  return Buffer.concat([Buffer.from([0x09]), value, Buffer.from([0x10]), varint(atMs)]);
}

/** As Prometheus writes a value. */
function numberOf(text: string): number {
  return Number(text.replace('Inf', 'Infinity'));
}

function field(number: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from([(number << 3) | 2]), varint(content.length), content]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  // Divided, not shifted: a time in milliseconds has more than 32 bits.
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  bytes.push(rest);
  return Buffer.from(bytes);
}
