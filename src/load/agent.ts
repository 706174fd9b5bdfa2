import { connect, type Socket } from 'node:net';
import { systemClock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import { type FromAgent, fromJson, type Hello, onLines, type ToAgent, writeLine } from './hub-protocol.ts';
import { startGenerator } from './local-generator.ts';
import type { LoadGenerator } from './ready.ts';

// The program of each task of a Swarm service: it starts a generator for each load, as the run itself does on its own
// machine, and ends with all of them as soon as the run is gone, silent, or over its time.

/** A run that is silent for so long is taken for dead, in wall milliseconds: as long as its reaper waits. */
const SILENCE_MS = 8000;

/** How long the hub may take to be there, and how often it is tried, in wall milliseconds. */
const HUB_LIMIT_MS = 60_000;
const AGAIN_MS = 200;

/** Between two looks at the time, in wall milliseconds. */
const LOOK_MS = 500;

const asked = (name: string) => process.env[name] ?? '';
const hello: Hello = {
  token: asked('CHAOS_TOKEN'),
  slot: Number(asked('CHAOS_SLOT')),
  node: asked('CHAOS_NODE'),
};
const longestMs = Number(asked('CHAOS_SECONDS')) * 1000;
const generators = new Map<number, LoadGenerator>();
const over = new AbortController();
let heard = performance.now();

const hub = await reach(asked('CHAOS_HUB'));
if (hub) {
  const tell = (message: FromAgent) => writeLine(hub, message);
  writeLine(hub, hello);
  heard = performance.now();
  onLines<ToAgent>(hub, (message) => {
    heard = performance.now();
    hear(message, tell);
  });
  hub.on('close', () => over.abort());
  await lastAsLongAsTheRun();
  for (const generator of generators.values()) generator.cancel();
  hub.destroy();
}

/** Its name is known, and it listens, a moment after we have been started. */
async function reach(address: string): Promise<Socket | undefined> {
  const { hostname, port } = new URL(`tcp://${address}`);
  while (performance.now() - heard < HUB_LIMIT_MS) {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    const connected = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.on('error', () => {});
    if (connected) return socket;
    socket.destroy();
    await systemClock.sleep(AGAIN_MS);
  }
  return undefined;
}

function hear(message: ToAgent, tell: (message: FromAgent) => void): void {
  switch (message.type) {
    case 'beat':
      break;
    case 'ping':
      tell({ type: 'pong', id: message.id, clock: systemClock.now() });
      break;
    case 'prepare':
      void prepare(message.load, tell);
      break;
    case 'start':
      void start(message, tell);
      break;
    case 'stop':
      generators.get(message.load)?.stop();
      break;
    case 'cancel':
      generators.get(message.load)?.cancel();
      generators.delete(message.load);
  }
}

async function prepare(load: number, tell: (message: FromAgent) => void): Promise<void> {
  try {
    generators.set(load, await startGenerator());
    tell({ type: 'ready', load });
  } catch (error) {
    tell({ type: 'lost', load, why: messageOf(error) });
  }
}

async function start(
  { load, spec, worker }: Extract<ToAgent, { type: 'start' }>,
  tell: (message: FromAgent) => void,
): Promise<void> {
  const generator = generators.get(load);
  if (!generator) return tell({ type: 'lost', load, why: 'it was never made ready' });
  const outcome = await generator.run(fromJson(spec), worker, (now) => tell({ type: 'now', load, now }));
  generators.delete(load);
  if (typeof outcome === 'string') tell({ type: 'lost', load, why: outcome });
  else tell({ type: 'done', load, result: outcome });
}

async function lastAsLongAsTheRun(): Promise<void> {
  const began = performance.now();
  while (!over.signal.aborted) {
    const now = performance.now();
    if (now - heard > SILENCE_MS || now - began > longestMs) return;
    await systemClock.sleep(LOOK_MS, over.signal).catch(() => {});
  }
}
