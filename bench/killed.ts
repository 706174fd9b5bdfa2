import autocannon from 'autocannon';
import Table from 'cli-table3';
import { systemClock } from '../src/core/clock.ts';
import type { Load } from '../src/load/load.ts';
import { startLoad } from '../src/load/work.ts';
import { median, PLAIN, round, serve } from './tools.ts';

const BEFORE_MS = 1000;
const DEAD_MS = 5000;

/** What a generator costs while its target is dead: killed after a second, gone for five. */
export async function killed(rounds: number): Promise<string> {
  const closed = (url: string): Load => ({
    name: 'bench',
    model: 'closed',
    requests: [{ method: 'GET', url }],
    stages: [{ to: 50, overMs: 0 }, { holdMs: BEFORE_MS + DEAD_MS }],
  });
  const open = (url: string): Load => ({
    ...closed(url),
    model: 'open',
    arrivals: 'constant',
    maxInFlight: 1000,
    stages: [{ to: 500, overMs: 0 }, { holdMs: BEFORE_MS + DEAD_MS }],
  });
  // In this process, so that its processor time can be read at the death.
  const generators: Record<string, (url: string) => Promise<unknown>> = {
    'ours, 50 connections': (url) => startLoad(closed(url), systemClock).finished,
    'ours, 500 requests/s': (url) => startLoad(open(url), systemClock).finished,
    'autocannon alone, 50 connections': async (url) => {
      await autocannon({ url, connections: 50, duration: (BEFORE_MS + DEAD_MS) / 1000 });
    },
  };
  const table = new Table({ head: ['generator', 'share of a core'], style: PLAIN });
  for (const [name, generate] of Object.entries(generators)) {
    const cores: number[] = [];
    for (let turn = 0; turn < rounds; turn++) {
      const server = await serve(20);
      const generating = generate(server.url);
      await systemClock.sleep(BEFORE_MS);
      server.child.kill('SIGKILL');
      const [cpu, died] = [process.cpuUsage(), performance.now()];
      await generating;
      const { user, system } = process.cpuUsage(cpu);
      cores.push((user + system) / 1000 / (performance.now() - died));
    }
    table.push([name, `${round(100 * median(cores), 1)} %`]);
  }
  return `A target killed after ${BEFORE_MS} ms and dead for ${DEAD_MS} ms, medians of ${rounds}\n${table}`;
}
