import { type Dispatcher, Pool } from 'undici';
import type { Clock } from '../core/clock.ts';
import { errorKind, TIMEOUT_MS } from './failure.ts';
import type { OpenLoad, WireRequest } from './load.ts';
import { arrivals, seeded, share } from './pacer.ts';
import type { Tally } from './tally.ts';
import type { Work, Worker } from './work.ts';

/** Any will do; a fixed one makes two runs comparable, and workers agree on one sequence. */
const SEED = 20_260_101;

/**
 * After a refused connection it is taken for granted for so long, in wall milliseconds, that the next one would be
 * refused as well: 500 refusals a second would cost a quarter of a core and tell no more than twenty.
 */
const REFUSED_MS = 50;

/** How often it looks whether the last answers have come, in wall milliseconds. */
const DRAIN_MS = 20;

/**
 * Works off a load of the open model. Every latency counts from the moment the request was due, so a stall of the
 * target, or of ourselves, is in the latency of all the requests it held up: there is no coordinated omission.
 */
export function workOpen(load: OpenLoad, tally: Tally, clock: Clock, worker: Worker): Work {
  const origin = performance.now();
  const elapsed = () => performance.now() - origin;
  const due = share(arrivals(load.stages, load.arrivals, seeded(SEED)), worker.index, worker.of);
  const mostInFlight = Math.max(1, Math.floor(load.maxInFlight / worker.of));
  const requests = load.requests.map(wire);
  // One pool each, and not undici's Agent: that makes a new pool after every refused connection.
  const targets = new Map(
    requests.map(({ origin }) => [origin, { pool: newPool(origin, mostInFlight), refusedAt: -REFUSED_MS }]),
  );
  const stopping = new AbortController();
  let intended = 0;
  let sent = 0;
  let inFlight = 0;

  function send(dueMs: number): void {
    const request = requests[intended % requests.length]!;
    intended++;
    if (inFlight >= mostInFlight) {
      tally.dropping();
      return;
    }
    sent++;
    tally.sending();
    const target = targets.get(request.origin)!;
    if (elapsed() - target.refusedAt < REFUSED_MS) {
      tally.failing('refused');
      return;
    }
    inFlight++;
    let status = 0;
    target.pool.dispatch(request, {
      onRequestStart() {},
      onResponseStart(_, code) {
        status = code;
      },
      onResponseData() {},
      onResponseEnd() {
        inFlight--;
        tally.answered(status, elapsed() - dueMs);
      },
      onResponseError(_, error) {
        inFlight--;
        const kind = errorKind(error);
        if (kind === 'refused') target.refusedAt = elapsed();
        if (!stopping.signal.aborted) tally.failing(kind);
      },
    });
  }

  async function drive() {
    let next = due.next();
    try {
      while (!next.done) {
        const now = elapsed();
        for (; !next.done && next.value <= now; next = due.next()) send(next.value);
        if (!next.done) await clock.sleep(next.value - now, stopping.signal);
      }
      while (inFlight > 0) await clock.sleep(DRAIN_MS, stopping.signal);
    } catch (error) {
      if (!stopping.signal.aborted) throw error;
      // What fell due before the stop and was not sent any more was intended all the same.
      for (const now = elapsed(); !next.done && next.value <= now; next = due.next()) intended++;
    } finally {
      await Promise.all([...targets.values()].map(({ pool }) => pool.destroy()));
    }
    return { intended, delivered: sent };
  }

  return {
    done: drive(),
    connections: () => inFlight,
    inFlight: () => inFlight,
    stop: () => stopping.abort(),
  };
}

function newPool(origin: string, connections: number): Pool {
  return new Pool(origin, {
    connections,
    pipelining: 1,
    connect: { timeout: TIMEOUT_MS },
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  });
}

function wire({ method, url, body }: WireRequest): Dispatcher.DispatchOptions & { origin: string } {
  const { origin, pathname, search } = new URL(url);
  const options = { origin, path: pathname + search, method: method as Dispatcher.HttpMethod };
  if (body === undefined) return options;
  return { ...options, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}
