import { Agent, type Dispatcher } from 'undici';
import type { Clock } from '../core/clock.ts';
import { errorKind, TIMEOUT_MS } from './failure.ts';
import type { OpenLoad, WireRequest } from './load.ts';
import { arrivals, seeded, share } from './pacer.ts';
import type { Tally } from './tally.ts';
import type { Work, Worker } from './work.ts';

/** Any will do; a fixed one makes two runs comparable, and workers agree on one sequence. */
const SEED = 20_260_101;

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
  const agent = new Agent({
    connections: mostInFlight,
    pipelining: 1,
    connect: { timeout: TIMEOUT_MS },
    headersTimeout: TIMEOUT_MS,
    bodyTimeout: TIMEOUT_MS,
  });
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
    inFlight++;
    sent++;
    tally.sending();
    let status = 0;
    agent.dispatch(request, {
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
        if (!stopping.signal.aborted) tally.failing(errorKind(error));
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
      await agent.destroy();
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

function wire({ method, url, body }: WireRequest): Dispatcher.DispatchOptions {
  const { origin, pathname, search } = new URL(url);
  const options = { origin, path: pathname + search, method: method as Dispatcher.HttpMethod };
  if (body === undefined) return options;
  return { ...options, body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}
