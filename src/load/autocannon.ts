import autocannon from 'autocannon';
import { errorKind, TIMEOUT_MS } from './failure.ts';
import type { Gate } from './gate.ts';
import type { WireRequest } from './load.ts';
import type { Tally } from './tally.ts';

// The only file that knows autocannon, and every workaround for its traps (each measured on 9.0.0, which is
// pinned exactly, and each guarded by test/unit/load/autocannon.test.ts):
// - it reconnects to a refused port without a pause, which burns a core: `pauseReconnects`;
// - it keeps the request of a broken connection queued and matches the next answer to it: cleared there too;
// - its own counts miss each connection's first request and count no closed connection: we listen per client;
// - stop() acts at the next sampling tick, 1 s by default: sampled every 100 ms;
// - `workers` lose stop() and every event: never used.

/** The parts of autocannon's client that its types leave out. */
interface Client extends autocannon.Client {
  destroyed: boolean;
  pipelinedRequests: { clear(): void };
  _connect(): void;
  on(event: string, listener: (...args: never[]) => void): this;
}

/** Connections of one group, opened together and closed together. */
export interface Connections {
  readonly count: number;
  /** Requests sent and not yet answered. */
  inFlight(): number;
  close(): Promise<void>;
}

/**
 * Opens `count` keep-alive connections, each of which asks the requests in turn, starting at a different one so
 * that a group is a mix from its first moment.
 */
export function openConnections(
  count: number,
  requests: readonly WireRequest[],
  tally: Tally,
  gate: Gate,
): Connections {
  const closing = new AbortController();
  let inFlight = 0;

  // What runs for each request is kept bare: at 25,000 a second the generator has 40 us for one.
  function setUp(bare: autocannon.Client): void {
    const client = bare as Client;
    let waiting = false;
    client.on('request', () => {
      if (!waiting) inFlight++;
      waiting = true;
      tally.sending();
    });
    const lost = (kind: string) => {
      if (!waiting) return;
      waiting = false;
      inFlight--;
      tally.failing(kind);
    };
    client.on('timeout', () => lost('timeout'));
    client.on('connError', (error: NodeJS.ErrnoException) => lost(errorKind(error)));
    const served = pauseReconnects(client, gate, closing.signal, () => lost('closed'));
    client.on('response', (status: number, _bytes: number, latencyMs: number) => {
      if (waiting) inFlight--;
      waiting = false;
      tally.answered(status, latencyMs);
      served();
    });
  }

  const first = requests[0];
  if (!first) throw new Error('a load needs at least one request');
  const { origin } = new URL(first.url);
  // autocannon takes paths from requests and nothing else: what is meant for another server would go to this one.
  if (requests.some(({ url }) => new URL(url).origin !== origin))
    throw new Error(`the requests of one connection go to one server, ${origin}`);
  const done = new Promise<void>((resolve, reject) => {
    const instance = autocannon(
      {
        url: origin,
        connections: count,
        // Ended by close(); this only has to be longer than any scenario.
        duration: 7 * 24 * 3600,
        timeout: TIMEOUT_MS / 1000,
        sampleInt: 100,
        setupClient: setUp,
        requests: requests.map(wire),
      },
      (error) => (error ? reject(error) : resolve()),
    );
    closing.signal.addEventListener('abort', () => instance.stop(), { once: true });
  });

  return {
    count,
    inFlight: () => inFlight,
    close() {
      closing.abort();
      return done;
    },
  };
}

/**
 * Sends a reconnect that follows a connection on which nothing was answered through the gate. A server that closes
 * a connection after serving it (nginx does, every 1,000 requests) is reconnected to at once.
 * @returns to be called at every answer
 */
function pauseReconnects(client: Client, gate: Gate, signal: AbortSignal, lost: () => void): () => void {
  const connect = client._connect.bind(client);
  let served = true;
  let pausing = false;
  client._connect = () => {
    if (pausing) return;
    const again = () => {
      pausing = false;
      if (client.destroyed || signal.aborted) return;
      served = false;
      connect();
    };
    lost();
    client.pipelinedRequests.clear();
    if (served) return again();
    pausing = true;
    gate.wait(again);
  };
  return () => {
    served = true;
    gate.open();
  };
}

function wire({ method, url, body }: WireRequest): autocannon.Request {
  const { pathname, search } = new URL(url);
  const request: autocannon.Request = {
    method: method as autocannon.Request['method'] & string,
    path: pathname + search,
  };
  if (body === undefined) return request;
  return { ...request, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}
