import { fileURLToPath } from 'node:url';
import { systemClock } from '../../src/core/clock.ts';
import { findJournals } from '../../src/undo/entries.ts';
import { shop } from './faults.ts';
import { lab, start } from './lab.ts';
import { snapshot } from './snapshot.ts';

/** Every fault, with the fields by which it is swept. */
export const SWEPT: Record<string, Record<string, unknown>> = {
  'container-stop': { target: 'redis' },
  'container-kill': { target: 'redis' },
  'container-pause': { target: 'redis' },
  'container-restart': { target: 'redis' },
  'network-disconnect': { target: 'redis' },
  'network-delay': { target: 'api', to: 'redis', delay_seconds: 0.1 },
  'stale-upstream': {},
  'cpu-limit': { target: 'api', cpus: 0.5 },
  'cpu-hog': { percent: 20 },
  'postgres-sleep-flood': { sessions: 20 },
  'postgres-lock': { table: 'orders' },
  'redis-stall': {},
  'app-failure': { payment_failure_rate: 0.5 },
};

export const SIGNALS = ['SIGKILL', 'SIGTERM', 'SIGINT'] as const;

/** Stands for the first point at which something was done, whatever that is. */
export const SOME_ACT = 'inject: after an act';
/** Begins the line in which a victim tells the point at which it sends itself the signal. */
export const REACHED = 'reached ';

/** What must be over by then, in wall milliseconds from the death on. */
const LIMIT_MS = 20_000;

export interface Swept {
  type: string;
  point: string;
  signal: string;
  /** Whether the process came by that point at all. */
  reached: boolean;
  /** From the signal to the lab as it was, in wall milliseconds. */
  tookMs: number;
  /** What was not as before; empty where all was. */
  broken: string;
}

/** Starts a process that has a fault happen, and sends itself a signal as it comes by a point. */
export function victim(type: string, point = '', signal = '', environment: Record<string, string> = {}) {
  const program = fileURLToPath(new URL('./sweep-victim.js', import.meta.url));
  const given = [program, type, JSON.stringify(SWEPT[type]), point, signal];
  return start(process.execPath, given, environment);
}

/** The points that a fault comes by from its first look to the end of its undo, in order. */
export async function pointsOf(type: string): Promise<string[]> {
  const { stdout, stderr, code } = await victim(type).ended;
  if (code !== 0) throw new Error(`${type} did not run through: ${stderr}`);
  return stdout.trim().split('\n');
}

/** Kills one victim at one point, and waits until the lab is as it was before. */
export async function sweepOne(type: string, point: string, signal: string, before: string): Promise<Swept> {
  const { stdout } = await victim(type, point, signal).ended;
  const died = systemClock.now();
  const reached = stdout.split('\n').some((line) => line.startsWith(REACHED));
  for (;;) {
    const broken = await difference(type, before);
    const tookMs = systemClock.now() - died;
    if (broken === '' || tookMs > LIMIT_MS) return { type, point, signal, reached, tookMs, broken };
    await systemClock.sleep(100);
  }
}

/** The state to come back to, once the shop answers. */
export async function stateBefore(type: string): Promise<string> {
  while ((await shop('/health', 3000, 'NGINX_PORT')) !== 200) await systemClock.sleep(200);
  return lookOf(type);
}

const lookOf = (type: string) => snapshot(type === 'network-delay' ? 'api' : undefined);

async function difference(type: string, before: string): Promise<string> {
  const journals = await findJournals(lab().dir);
  // One without an act is left by a death before the first; the next run sweeps it away.
  const open = journals.filter((one) => one.open.length > 0).map(({ file }) => `open: ${file}`);
  if (open.length > 0) return open.join();
  const [now, health] = await Promise.all([lookOf(type), shop('/health', 3000, 'NGINX_PORT')]);
  const lines = now.split('\n').filter((line) => !before.split('\n').includes(line));
  return [...lines, ...(health === 200 ? [] : [`shop ${health}`])].join('; ');
}
