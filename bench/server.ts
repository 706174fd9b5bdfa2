import { once } from 'node:events';
import { createServer, get } from 'node:http';

// A server of known behaviour, in a process of its own: every answer takes `delayMs`; a request that arrives in the
// stall is held until its end first. It notes when each request arrived, by its own clock.

const [delayMs, stallAtMs, stallMs] = process.argv.slice(2).map(Number) as [number, number, number];
const arrivedAt: number[] = [];
let first = 0;
const WARM_UP = '/warm-up';

const server = createServer((request, response) => {
  if (request.url === WARM_UP) return response.end();
  const now = performance.now();
  first ||= now;
  arrivedAt.push(now - first);
  const held = Math.max(0, first + stallAtMs + stallMs - now);
  const wait = now >= first + stallAtMs ? held : 0;
  setTimeout(() => response.end('ok'), wait + delayMs);
});
// A load generator opens hundreds of connections at once when it comes back from a stall.
server.listen({ port: 0, host: '127.0.0.1', backlog: 2048 }, async () => {
  const { port } = server.address() as { port: number };
  // Its own code is cold as well: the first requests would arrive late, and all at once.
  for (let i = 0; i < 200; i++) {
    const [response] = await once(get({ port, path: WARM_UP }), 'response');
    response.resume();
  }
  process.send?.({ port });
});
process.on('message', () => {
  process.send?.({ arrivedAt }, undefined, {}, () => process.exit());
});
