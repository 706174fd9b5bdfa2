import Table from 'cli-table3';
import { median, ours, PLAIN, round, timed } from './tools.ts';

const CONNECTIONS = 50;
const SECONDS = 5;

/** The closed model against hey and wrk: the same page, connections and time, in turn. */
export async function throughput(url: string, rounds: number): Promise<string> {
  const generators: Record<string, () => Promise<{ rate: number; cpuMs: number }>> = {
    ours: async () => {
      const { completed, startedAt, endedAt, generator } = await ours({
        name: 'bench',
        model: 'closed',
        requests: [{ method: 'GET', url }],
        stages: [{ to: CONNECTIONS, overMs: 0 }, { holdMs: SECONDS * 1000 }],
      });
      return { rate: (completed * 1000) / (endedAt - startedAt), cpuMs: generator.cpuMs };
    },
    hey: async () => {
      const { text, cpuMs } = await timed('hey', ['-z', `${SECONDS}s`, '-c', String(CONNECTIONS), url]);
      return { rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]), cpuMs };
    },
    wrk: async () => {
      const { text, cpuMs } = await timed('wrk', ['-t2', `-c${CONNECTIONS}`, `-d${SECONDS}s`, url]);
      return { rate: Number(/Requests\/sec:\s+([\d.]+)/.exec(text)?.[1]), cpuMs };
    },
  };
  const rates: Record<string, number[]> = {};
  const costs: Record<string, number[]> = {};
  for (let turn = 0; turn < rounds; turn++) {
    for (const [name, generate] of Object.entries(generators)) {
      const { rate, cpuMs } = await generate();
      rates[name] = [...(rates[name] ?? []), rate];
      costs[name] = [...(costs[name] ?? []), cpuMs / ((rate * SECONDS) / 1000)];
    }
  }
  const table = new Table({ head: ['generator', 'requests/s', 'ours is', 'CPU ms per 1,000'], style: PLAIN });
  const mine = median(rates.ours!);
  for (const name of Object.keys(generators)) {
    const rate = median(rates[name]!);
    table.push([
      name,
      round(rate),
      name === 'ours' ? '' : `${round(mine / rate, 2)}x`,
      round(median(costs[name]!), 1),
    ]);
  }
  return `Closed model, ${CONNECTIONS} connections for ${SECONDS} s on the lab's nginx, medians of ${rounds}\n${table}`;
}
