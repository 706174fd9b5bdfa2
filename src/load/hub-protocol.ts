import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import type { LoadNow } from '../core/events.ts';
import type { Load, LoadResult } from './load.ts';
import type { Worker } from './work.ts';

// How a run speaks to generators on other machines. A hub, a container on the run's own machine and on the network of
// the generators, passes on what the run writes to its standard input, and writes what they say to its standard
// output: JSON, a document a line. So nobody has to reach the run, no port is opened, and a run that dies takes the
// hub with it, by which every generator knows. The logs of the service would carry results as well, but neither a
// start nor a stop: both would have to be agreed on beforehand, by clocks that differ.

/** Where agents reach the hub, on a network that holds nobody but them and what they ask. */
export const HUB_HOST = 'chaos-hub';
export const HUB_PORT = 7411;

/** Between two signs of life of the run, in wall milliseconds. */
export const BEAT_MS = 1000;

/** What the hub is told first. Only who knows the token is listened to. */
export interface Opening {
  token: string;
  port: number;
}

/** What an agent tells first; of a slot, the first one only is taken. */
export interface Hello {
  token: string;
  slot: number;
  node: string;
}

/** To an agent. A load has a number of the run's. */
export type ToAgent =
  | { type: 'beat' }
  | { type: 'ping'; id: number }
  | { type: 'prepare' | 'stop' | 'cancel'; load: number }
  | { type: 'start'; load: number; spec: Load; worker: Worker };

/** From an agent. `clock` is its machine's, milliseconds since the Unix epoch. */
export type FromAgent =
  | { type: 'pong'; id: number; clock: number }
  | { type: 'ready'; load: number }
  | { type: 'now'; load: number; now: LoadNow }
  | { type: 'done'; load: number; result: LoadResult }
  | { type: 'lost'; load: number; why: string };

/** To the hub: for one slot, or for all. */
export interface ToHub {
  slot: number | null;
  message: ToAgent;
}

/** From the hub. */
export type FromHub =
  | { type: 'listening'; port: number }
  | { type: 'came'; slot: number; node: string }
  | { type: 'gone'; slot: number }
  | { type: 'said'; slot: number; message: FromAgent };

/** One document as a line. */
export function writeLine(stream: Writable, document: unknown): void {
  if (!stream.destroyed && stream.writable) stream.write(`${JSON.stringify(document)}\n`);
}

/** The longest line, in bytes: a result of a day, with a histogram for each second, is shorter. */
const LONGEST_LINE = 256 * 1024 * 1024;

/** Calls `on` with each line's document. What is no JSON, or longer than `longest` bytes, ends the stream. */
export function onLines<T>(stream: Readable, on: (document: T) => void, longest = LONGEST_LINE): void {
  let size = 0;
  stream.on('data', (chunk: Buffer) => {
    const end = chunk.lastIndexOf('\n');
    size = end < 0 ? size + chunk.length : chunk.length - end - 1;
    if (size > longest) stream.destroy();
  });
  const lines = createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY });
  // It passes on the errors of its input, which are answered by whoever listens for the end.
  lines.on('error', () => {});
  lines.on('line', (line) => {
    let document: T;
    try {
      document = JSON.parse(line) as T;
    } catch {
      return void stream.destroy();
    }
    on(document);
  });
}

/** A load as it was before it was JSON, in which Infinity, how long background traffic holds, is null. */
export function fromJson(load: Load): Load {
  return {
    ...load,
    stages: load.stages.map((stage) =>
      'holdMs' in stage && stage.holdMs === null ? { holdMs: Number.POSITIVE_INFINITY } : stage,
    ),
  };
}
