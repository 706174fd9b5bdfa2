import type { DockerHost } from '../../docker/host.ts';
import type { RosterHost } from './roster.ts';

/** Opens an engine, unless the signal ends that. */
export type OpenHost = (at: string, signal: AbortSignal) => Promise<DockerHost>;

/** The engines of a class: each is opened when it is first needed, once, and whatever came of that holds for all its stacks. */
export class Hosts {
  readonly #open: (at: string) => Promise<DockerHost>;
  readonly #opened = new Map<string, Promise<DockerHost>>();

  constructor(open: (at: string) => Promise<DockerHost>) {
    this.#open = open;
  }

  /** @throws whatever opening it has thrown */
  get({ at }: RosterHost): Promise<DockerHost> {
    const known = this.#opened.get(at) ?? this.#open(at);
    this.#opened.set(at, known);
    return known;
  }

  async close(): Promise<void> {
    const ended = await Promise.allSettled(this.#opened.values());
    await Promise.allSettled(
      ended.map((one) => (one.status === 'fulfilled' ? one.value.close() : undefined)),
    );
  }
}
