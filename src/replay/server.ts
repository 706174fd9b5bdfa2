import axios from 'axios';
import type { Clock } from '../core/clock.ts';
import { ChaosError, messageOf } from '../core/errors.ts';
import { Prometheus } from '../observe/prometheus.ts';
import { startBinary } from './binary.ts';
import { startContainer } from './container.ts';
import { type Points, remoteWriteBody } from './remote-write.ts';
import type { Started } from './started.ts';

/** A Prometheus of our own that scrapes nothing, for as long as a record is evaluated. */
export interface ReplayServer {
  prometheus: Prometheus;
  version: string;
  /** Stores samples, those of a series in time order and after all it has. */
  write(series: readonly Points[]): Promise<void>;
  end(): Promise<void>;
}

/** How long it may take to begin, and to answer, in milliseconds: on a busy machine, too. */
const PATIENCE_MS = 60_000;

/** How many samples go into one request. */
const BATCH = 20_000;

/**
 * Starts a throwaway Prometheus: in a container of the lab's own image, or, where that cannot be had, the
 * `prometheus` on the PATH.
 * @throws ChaosError `not-ready` where there is neither, or it does not start
 */
export async function startServer(clock: Clock): Promise<ReplayServer> {
  const { url, agent, complaints, ended, end } = await start();
  const prometheus = new Prometheus(url, undefined, { agent, timeoutMs: PATIENCE_MS });
  const http = axios.create({ baseURL: url, httpAgent: agent, proxy: false, timeout: PATIENCE_MS });
  try {
    const giveUpAt = clock.now() + PATIENCE_MS;
    for (;;) {
      const ready = await http.get('/-/ready').catch((error: unknown) => error);
      if (!(ready instanceof Error)) break;
      if (ended() || clock.now() > giveUpAt) throw ready;
      await clock.sleep(50);
    }
    const { version } = await prometheus.build();
    return { prometheus, version, end, write: (series) => write(series) };
  } catch (error) {
    await end();
    throw new ChaosError(
      'not-ready',
      `The Prometheus that evaluates the rules did not start: ${complaints().split('\n').at(-1) || messageOf(error)}`,
      { cause: error, hint: 'it must be of version 2.33 or newer' },
    );
  }

  async function write(series: readonly Points[]): Promise<void> {
    let batch: Points[] = [];
    let size = 0;
    const send = async () => {
      if (size > 0) await http.post('/api/v1/write', remoteWriteBody(batch), { headers: HEADERS });
      batch = [];
      size = 0;
    };
    for (const one of series) {
      batch.push(one);
      size += one.points.length;
      if (size >= BATCH) await send();
    }
    await send();
  }
}

const HEADERS = {
  'Content-Type': 'application/x-protobuf',
  'Content-Encoding': 'snappy',
  'X-Prometheus-Remote-Write-Version': '0.1.0',
};

async function start(): Promise<Started> {
  const container = await startContainer().catch((error: unknown) => error);
  if (!(container instanceof Error)) return container as Started;
  const binary = await startBinary();
  if (binary) return binary;
  throw new ChaosError(
    'not-ready',
    `Rules are evaluated by a Prometheus, and there is neither an image of the lab's nor a prometheus on the PATH (${messageOf(container)})`,
    { cause: container, hint: 'chaos up makes the image; or install prometheus' },
  );
}
