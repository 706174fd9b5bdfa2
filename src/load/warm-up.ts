import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '../core/clock.ts';
import { startLoad } from './work.ts';

/**
 * Sends a few requests to a server of our own, so that the first ones of the load that follows go out on time: the HTTP
 * client compiles its parser at the first connection, which takes some 40 ms.
 */
export async function warmUp(): Promise<void> {
  const server = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await startLoad(
    {
      name: 'warm-up',
      model: 'open',
      arrivals: 'constant',
      maxInFlight: 10,
      requests: [{ method: 'GET', url: `http://127.0.0.1:${port}/` }],
      stages: [{ to: 400, overMs: 0 }, { holdMs: 250 }],
    },
    systemClock,
  ).finished;
  server.closeAllConnections();
  server.close();
}
