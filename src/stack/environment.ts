import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { ChaosError } from '../core/errors.ts';
import { LAB_PORTS, type PortName } from '../core/lab.ts';

/** The lab that has the ports everyone knows. */
export const DEFAULT_LAB = 'techshop';

const PASSWORDS = [
  'POSTGRES_PASSWORD',
  'APP_DB_PASSWORD',
  'EXPORTER_DB_PASSWORD',
  'REDIS_PASSWORD',
  'GRAFANA_PASSWORD',
];

/** First port of the blocks from which labs beside the default one take theirs, and how far apart blocks are. */
const BLOCKS_FROM = 20_000;
const BLOCK = 20;

/** Passwords made once for a lab and kept for its life: letters and digits, 124 bits. */
export function passwords(before: Record<string, string>): Record<string, string> {
  const make = () => randomBytes(24).toString('base64url').replace(/[-_]/g, 'x').slice(0, 21);
  return Object.fromEntries(PASSWORDS.map((name) => [name, before[name] ?? make()]));
}

/**
 * Host ports of a lab: what it had before, else the well-known ones for the default lab and a free block for any
 * other.
 * @throws ChaosError `not-ready` naming every port of the default lab that is taken
 */
export async function choosePorts(
  name: string,
  before: Record<string, string>,
  isFree: (port: number) => Promise<boolean> = portIsFree,
): Promise<Record<PortName, number>> {
  const names = Object.keys(LAB_PORTS) as PortName[];
  if (names.every((port) => Number(before[port]) > 0)) return pick(names, (port) => Number(before[port]));
  // A lab from before a port was added keeps those that it has, which it occupies itself.
  const had = new Set(names.map((port) => Number(before[port])).filter((port) => port > 0));
  const isOurs = async (port: number) => had.has(port) || (await isFree(port));
  if (name === DEFAULT_LAB) {
    const wanted = pick(names, (port) => LAB_PORTS[port].preferred);
    const taken: number[] = [];
    for (const port of Object.values(wanted)) if (!(await isOurs(port))) taken.push(port);
    if (taken.length === 0) return wanted;
    const which = taken.length === 1 ? `Port ${taken[0]} is` : `Ports ${taken.join(', ')} are`;
    throw new ChaosError('not-ready', `${which} taken by another program.`, {
      hint: `ss -ltnp names it; or bring up a lab with ports of its own: chaos up --name other`,
    });
  }
  for (let first = Number(before[names[0]!]) || BLOCKS_FROM; first < 32_000; first += BLOCK) {
    const block = pick(names, (_, i) => first + i);
    const free = await Promise.all(Object.values(block).map(isOurs));
    if (free.every(Boolean)) return block;
  }
  throw new ChaosError('not-ready', 'No free block of ports was found from 20000 on.', {
    hint: 'ss -ltn shows what listens',
  });
}

/** Whether one can listen on 127.0.0.1 at that port. */
export function portIsFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

/** `NAME=value` lines, as both composes read them. */
export function formatEnvironment(variables: Record<string, string | number>): string {
  return `${Object.entries(variables)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n')}\n`;
}

function pick(
  names: readonly PortName[],
  value: (name: PortName, index: number) => number,
): Record<PortName, number> {
  return Object.fromEntries(names.map((name, i) => [name, value(name, i)])) as Record<PortName, number>;
}
