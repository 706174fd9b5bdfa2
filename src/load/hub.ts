import { createWriteStream } from 'node:fs';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { systemClock, timeLimit } from '../core/clock.ts';
import {
  type FromAgent,
  type FromHub,
  type Hello,
  type Opening,
  onLines,
  type ToHub,
  writeLine,
} from './hub-protocol.ts';

// The program of a process of its own, in a container between a run and its generators: see hub-protocol.ts. It lasts
// as long as its standard input.

/** How long a connection may take to say who it is, in wall milliseconds. */
const HELLO_MS = 5000;

const agents = new Map<number, Socket>();
// Standard output is a channel here, and nothing that people read.
const run = createWriteStream('', { fd: 1 });
const tell = (message: FromHub) => writeLine(run, message);

let token = '';
const server = createServer((socket) => {
  let slot: number | undefined;
  const limit = timeLimit(systemClock, HELLO_MS, () => new Error('said nothing'));
  limit.signal.addEventListener('abort', () => socket.destroy());
  socket.setNoDelay(true);
  socket.on('error', () => {});
  socket.on('close', () => {
    limit.end();
    if (slot === undefined) return;
    agents.delete(slot);
    tell({ type: 'gone', slot });
  });
  onLines<Hello | FromAgent | null>(socket, (said) => {
    if (slot !== undefined) return tell({ type: 'said', slot, message: said as FromAgent });
    const hello = said as Hello | null;
    if (hello?.token !== token || !Number.isInteger(hello.slot) || agents.has(hello.slot))
      return void socket.destroy();
    limit.end();
    slot = hello.slot;
    agents.set(slot, socket);
    tell({ type: 'came', slot, node: String(hello.node) });
  });
});

onLines<Opening | ToHub>(process.stdin, (said) => {
  if ('token' in said) {
    token = said.token;
    server.listen(said.port, () => tell({ type: 'listening', port: (server.address() as AddressInfo).port }));
    return;
  }
  for (const [slot, socket] of agents)
    if (said.slot === null || said.slot === slot) writeLine(socket, said.message);
});
process.stdin.on('close', () => {
  server.close();
  for (const socket of agents.values()) socket.destroy();
});
