import { type ChildProcess, execFile, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
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
  const child = fork(fileURLToPath(new URL('./server.ts', import.meta.url)), args);
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

export const round = (value: number, digits = 0) => Number(value.toFixed(digits));

/** Tables as they are pasted into a note. */
export const PLAIN = { head: [], border: [], compact: true };
