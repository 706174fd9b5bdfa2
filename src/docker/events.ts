import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { Clock } from '../core/clock.ts';
import { ChaosError } from '../core/errors.ts';
import { jsonLines } from './json-lines.ts';

/** The part of an event that is read. */
export interface DockerEvent {
  Action: string;
  timeNano: number;
  Actor: { Attributes: Record<string, string> };
}

type Filters = Record<string, string[]>;

/** @param explain makes an error for people of what the daemon said */
export function connectEvents(docker: Docker, clock: Clock, explain: (error: unknown) => ChaosError) {
  const stream = async (options: object) =>
    (await docker.getEvents(options).catch((error) => {
      throw explain(error);
    })) as Readable;
  return {
    /**
     * When the first event comes that is wanted, from this call on: Docker replays what happened before it answered.
     * @returns milliseconds since the Unix epoch, by the daemon's clock
     */
    async first(
      filters: Filters,
      signal: AbortSignal,
      wanted: (event: DockerEvent) => boolean,
    ): Promise<number> {
      signal.throwIfAborted();
      const since = clock.now() / 1000;
      const stop = new AbortController();
      const abortSignal = AbortSignal.any([signal, stop.signal]);
      try {
        for await (const event of jsonLines<DockerEvent>(await stream({ since, filters, abortSignal }))) {
          if (wanted(event)) return Math.floor(event.timeNano / 1e6);
        }
      } finally {
        stop.abort();
      }
      signal.throwIfAborted();
      throw new ChaosError('not-ready', `Docker's events ended before the expected one: ${filters.event}.`);
    },

    /** Those since `sinceMs`, oldest first, as far as the daemon remembers: its last 256 of all kinds. */
    async since(filters: Filters, sinceMs: number): Promise<DockerEvent[]> {
      const found: DockerEvent[] = [];
      const options = { since: sinceMs / 1000, until: clock.now() / 1000, filters };
      for await (const event of jsonLines<DockerEvent>(await stream(options))) found.push(event);
      return found;
    },
  };
}
