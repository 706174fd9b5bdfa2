import type { Clock } from '../core/clock.ts';
import { type Connections, openConnections } from './autocannon.ts';
import { Gate } from './gate.ts';
import type { ClosedLoad } from './load.ts';
import { levelAt, totalMs } from './stages.ts';
import type { Tally } from './tally.ts';
import type { Work, Worker } from './work.ts';

/** How often a ramp is moved on, in wall milliseconds: an 80-connection ramp over 6 s goes up in steps of 4. */
const STEP_MS = 250;

/**
 * Works off a load of the closed model. Ramps have no gap: a step up opens a group of connections beside those that
 * are there, a step down closes the youngest groups. Of several workers each has its share of the connections.
 */
export function workClosed(load: ClosedLoad, tally: Tally, clock: Clock, { index, of }: Worker): Work {
  const startedAt = clock.now();
  const end = totalMs(load.stages);
  const groups: Connections[] = [];
  const gate = new Gate(clock);
  const stopping = new AbortController();
  const closed: Promise<void>[] = [];
  let intended = 0;
  let delivered = 0;
  const open = () => groups.reduce((sum, group) => sum + group.count, 0);
  // Rounded up, so that a ramp to 80 reaches 80.
  const connectionsAt = (elapsedMs: number) =>
    Math.floor((Math.ceil(levelAt(load.stages, elapsedMs)) + of - 1 - index) / of);

  /** Requests of each group start at another place in the mix. */
  function rotated() {
    const shift = (groups.length + index) % load.requests.length;
    return [...load.requests.slice(shift), ...load.requests.slice(0, shift)];
  }

  function adjust(wanted: number): void {
    const missing = wanted - open();
    if (missing > 0) groups.push(openConnections(missing, rotated(), tally, gate));
    // Groups close whole, so a step down may leave a few connections too many for a moment, never too few.
    for (let youngest = groups.at(-1); youngest; youngest = groups.at(-1)) {
      if (open() - youngest.count < wanted) break;
      closed.push(youngest.close());
      groups.pop();
    }
  }

  async function drive() {
    let last = startedAt;
    let wantedBefore = 0;
    try {
      while (!stopping.signal.aborted) {
        const elapsed = clock.now() - startedAt;
        const wanted = connectionsAt(elapsed);
        const seconds = (clock.now() - last) / 1000;
        // Trapezoids, so that a step that came late shows as load that was not delivered.
        intended += ((wantedBefore + wanted) / 2) * seconds;
        delivered += Math.min(open(), (wantedBefore + wanted) / 2) * seconds;
        last = clock.now();
        wantedBefore = wanted;
        if (elapsed >= end) break;
        // Half a step ahead on the way up, as the steps would else lag half a step behind the line.
        adjust(Math.max(wanted, connectionsAt(elapsed + STEP_MS / 2)));
        await clock.sleep(STEP_MS, stopping.signal);
      }
    } catch (error) {
      if (!stopping.signal.aborted) throw error;
    } finally {
      adjust(0);
      await Promise.all(closed);
    }
    return { intended, delivered };
  }

  return {
    done: drive(),
    connections: open,
    inFlight: () => groups.reduce((sum, group) => sum + group.inFlight(), 0),
    stop: () => stopping.abort(),
  };
}
