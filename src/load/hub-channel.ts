import type { Duplex } from 'node:stream';
import type { Clock } from '../core/clock.ts';
import { BEAT_MS, type FromAgent, type FromHub, onLines, type ToAgent, writeLine } from './hub-protocol.ts';

/** An agent that has come, and how its machine's clock stands to ours. */
export interface Member {
  slot: number;
  node: string;
  /** How far its clock is ahead, in milliseconds; off by half the round trip at most. */
  clockOffsetMs: number;
  roundTripMs: number;
}

/** Hears what an agent says; undefined once it is gone. */
type Listening = (message: FromAgent | undefined) => void;

/** A run's end of the way to its agents. */
export class HubChannel {
  readonly #stream: Duplex;
  readonly #clock: Clock;
  readonly #members = new Map<number, Member>();
  readonly #listening = new Set<{ slot: number; on: Listening }>();
  readonly #over = new AbortController();
  #port: number | undefined;

  /** @param stream the hub's standard input and output */
  constructor(stream: Duplex, clock: Clock) {
    this.#stream = stream;
    this.#clock = clock;
    stream.on('error', () => {});
    stream.on('close', () => this.#lose());
    stream.on('end', () => this.#lose());
    onLines<FromHub>(stream, (said) => this.#hear(said));
  }

  /** Has the hub listen on a port, or on any for 0, to who knows the token; from now on the run gives signs of life. */
  open(token: string, port: number): void {
    writeLine(this.#stream, { token, port });
    void this.#beat();
  }

  /** Where the hub listens; undefined until it does. */
  get port(): number | undefined {
    return this.#port;
  }

  /** Those that are there, by slot. */
  get members(): readonly Member[] {
    return [...this.#members.values()].sort((a, b) => a.slot - b.slot);
  }

  /** Whether the hub is gone, and with it everybody. */
  get lost(): boolean {
    return this.#over.signal.aborted;
  }

  /** To one agent, or to all. */
  say(slot: number | null, message: ToAgent): void {
    writeLine(this.#stream, { slot, message });
  }

  /** Calls `on` with all that an agent says, until what is returned is called. */
  listen(slot: number, on: Listening): () => void {
    const one = { slot, on };
    this.#listening.add(one);
    return () => this.#listening.delete(one);
  }

  /** The first message of an agent that is meant; undefined where it is gone, or silent for `limitMs`. */
  answer(
    slot: number,
    limitMs: number,
    isMeant: (said: FromAgent) => boolean,
  ): Promise<FromAgent | undefined> {
    const over = new AbortController();
    return new Promise((resolve) => {
      const ended = (said: FromAgent | undefined) => {
        forget();
        over.abort();
        resolve(said);
      };
      const forget = this.listen(slot, (said) => {
        if (!said || isMeant(said)) ended(said);
      });
      this.#clock.sleep(limitMs, over.signal).then(
        () => ended(undefined),
        () => {},
      );
    });
  }

  /** Lets the hub go, and with it every agent. */
  end(): void {
    this.#stream.end();
    this.#lose();
  }

  #hear(said: FromHub): void {
    if (said.type === 'listening') this.#port = said.port;
    if (said.type === 'came')
      this.#members.set(said.slot, { slot: said.slot, node: said.node, clockOffsetMs: 0, roundTripMs: 0 });
    if (said.type === 'said') this.#tell(said.slot, said.message);
    if (said.type === 'gone') this.#forget(said.slot);
  }

  #tell(slot: number, message: FromAgent | undefined): void {
    for (const one of [...this.#listening]) if (one.slot === slot) one.on(message);
  }

  #forget(slot: number): void {
    this.#members.delete(slot);
    this.#tell(slot, undefined);
  }

  #lose(): void {
    this.#over.abort();
    for (const slot of [...this.#members.keys()]) this.#forget(slot);
  }

  async #beat(): Promise<void> {
    while (!this.lost) {
      this.say(null, { type: 'beat' });
      await this.#clock.sleep(BEAT_MS, this.#over.signal).catch(() => {});
    }
  }
}
