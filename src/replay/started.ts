import { Agent } from 'node:http';
import type { Duplex } from 'node:stream';

/** A started program and the way to it. */
export interface Started {
  url: string;
  agent: Agent;
  complaints(): string;
  /** Whether it has ended by itself. */
  ended(): boolean;
  end(): Promise<void>;
}

/**
 * How the throwaway is started. Its blocks are longer than any record, as its head takes no sample that is older
 * than half of one: a week-old record is written next to nothing, and recording rules' results after the rest.
 */
export const FLAGS = [
  '--config.file=/dev/null',
  '--web.enable-remote-write-receiver',
  '--storage.tsdb.min-block-duration=60d',
  '--storage.tsdb.max-block-duration=60d',
  '--log.level=error',
];

/** An HTTP agent whose only connection is a stream that is there already. */
export class OneStream extends Agent {
  constructor(stream: Duplex) {
    super({ keepAlive: true, maxSockets: 1 });
    // What Node's client asks of a socket and a stream does not have.
    for (const name of ['setKeepAlive', 'setNoDelay', 'setTimeout', 'ref', 'unref'])
      Object.assign(stream, { [name]: () => stream });
    Object.assign(this, { createConnection: () => stream });
  }
}
