import { createServer } from 'node:http';

// A server of known behaviour, in a process of its own: every answer takes `delayMs`; a request that arrives in the
// stall is held until its end first. It notes when each request arrived, by its own clock.

const [delayMs, stallAtMs, stallMs] = process.argv.slice(2).map(Number) as [number, number, number];
const arrivedAt: number[] = [];
let first = 0;

const server = createServer((_, response) => {
  const now = performance.now();
  first ||= now;
  arrivedAt.push(now - first);
  const held = Math.max(0, first + stallAtMs + stallMs - now);
  const wait = now >= first + stallAtMs ? held : 0;
  setTimeout(() => response.end('ok'), wait + delayMs);
});
// A load generator opens hundreds of connections at once when it comes back from a stall.
server.listen({ port: 0, host: '127.0.0.1', backlog: 2048 }, () => {
  process.send?.({ port: (server.address() as { port: number }).port });
});
process.on('message', () => {
  process.send?.({ arrivedAt }, undefined, {}, () => process.exit());
});
