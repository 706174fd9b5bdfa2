import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Table from 'cli-table3';
import { systemClock } from '../src/core/clock.ts';
import type { Load, LoadResult } from '../src/load/load.ts';
import { readyLoad } from '../src/load/ready.ts';

const run = promisify(execFile);

/** The middle one; noise here is large, so nothing is said from a single run. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1 ? sorted[Math.floor(middle)]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}

/** Our own load, in the process of its own in which a run has it. */
export async function ours(load: Load): Promise<LoadResult> {
  return (await readyLoad(load, systemClock)).start().finished;
}

/** A program's output, and the processor time it took in milliseconds. */
export async function timed(
  program: string,
  args: readonly string[],
): Promise<{ text: string; cpuMs: number }> {
  const { stdout, stderr } = await run(
    'bash',
    ['-c', 'TIMEFORMAT="%U %S"; time "$0" "$@"', program, ...args],
    { maxBuffer: 1 << 28, env: { ...process.env, LC_ALL: 'C' } },
  ).catch((error: { stderr?: string }) => {
    throw new Error(`${program} did not run (apt-get install ${program}): ${error.stderr ?? ''}`);
  });
  const [user = 0, system = 0] = (stderr.trim().split('\n').at(-1) ?? '').split(' ').map(Number);
  return { text: stdout, cpuMs: (user + system) * 1000 };
}

/** A container's address in its network. */
export async function addressOf(container: string): Promise<string> {
  const format = '{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}';
  return (await run('docker', ['inspect', '--format', format, container])).stdout.trim();
}

/** A running bench/server.ts. */
export interface Served {
  url: string;
  child: ChildProcess;
  /** Ends it, and says when each request arrived: milliseconds after the first. */
  end(): Promise<number[]>;
}

export async function serve(delayMs: number, stallAtMs = 1e9, stallMs = 0): Promise<Served> {
  const args = [delayMs, stallAtMs, stallMs].map(String);
  const child = fork(fileURLToPath(new URL('./server.js', import.meta.url)), args);
  const [{ port }] = (await once(child, 'message')) as [{ port: number }];
  return {
    url: `http://127.0.0.1:${port}/`,
    child,
    async end() {
      child.send('end');
      const [{ arrivedAt }] = (await once(child, 'message')) as [{ arrivedAt: number[] }];
      return arrivedAt;
    },
  };
}

/** A measured figure, and what it may be at most. */
export interface Figure {
  name: string;
  value: number;
  unit: string;
  most?: number;
}

/**
 * Figures beside their bounds, as text. The benchmark ends with exit code 1 where one is broken.
 * @param wrong what else is not as it must be, as sentences
 */
export function against(title: string, figures: readonly Figure[], wrong: readonly string[] = []): string {
  const table = new Table({ head: ['figure', 'measured', 'at most', ''], style: PLAIN });
  let broken = wrong.length > 0;
  for (const { name, value, unit, most } of figures) {
    const holds = most === undefined || value <= most;
    broken ||= !holds;
    const verdict = most === undefined ? '' : holds ? 'holds' : 'BROKEN';
    table.push([name, `${value} ${unit}`, most === undefined ? '' : `${most} ${unit}`, verdict]);
  }
  if (broken) process.exitCode = 1;
  return [title, table.toString(), ...wrong.map((text) => `BROKEN: ${text}`)].join('\n');
}

/** The slope of the straight line through points that least squares give. */
export function slope(points: readonly (readonly [x: number, y: number])[]): number {
  const mean = (of: 0 | 1) => points.reduce((sum, point) => sum + point[of], 0) / points.length;
  const [x, y] = [mean(0), mean(1)];
  const sum = (of: (point: readonly [number, number]) => number) =>
    points.reduce((total, point) => total + of(point), 0);
  return sum((point) => (point[0] - x) * (point[1] - y)) / sum((point) => (point[0] - x) ** 2);
}

export const round = (value: number, digits = 0) => Number(value.toFixed(digits));

/** Tables as they are pasted into a note. */
export const PLAIN = { head: [], border: [], compact: true };
