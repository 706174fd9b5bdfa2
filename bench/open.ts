import autocannon from 'autocannon';
import Table from 'cli-table3';
import { median, ours, PLAIN, round, serve, timed } from './tools.ts';

const RATE = 500;
const SECONDS = 30;
const DELAY_MS = 20;
const STALL_AT_MS = 10_000;
const STALL_MS = 1000;

interface Seen {
  p50: number;
  p99: number;
  arrivedAt: number[];
}

/** The open model against hey -q and autocannon's rate: what the server counts, and what is said of its latency. */
export async function open(rounds: number): Promise<string> {
  const generators: Record<string, (url: string) => Promise<{ p50: number; p99: number }>> = {
    ours: async (url) => {
      const { latencyMs } = await ours({
        name: 'bench',
        model: 'open',
        arrivals: 'constant',
        maxInFlight: 1000,
        requests: [{ method: 'GET', url }],
        stages: [{ to: RATE, overMs: 0 }, { holdMs: SECONDS * 1000 }],
      });
      return latencyMs;
    },
    'hey -q': async (url) => {
      const { text } = await timed('hey', ['-z', `${SECONDS}s`, '-c', '50', '-q', String(RATE / 50), url]);
      const at = (percent: number) => Number(new RegExp(`${percent}% in ([\\d.]+)`).exec(text)?.[1]) * 1000;
      return { p50: at(50), p99: at(99) };
    },
    'autocannon rate': async (url) => {
      const { latency } = await autocannon({ url, connections: 50, overallRate: RATE, duration: SECONDS });
      return { p50: latency.p50, p99: latency.p99 };
    },
  };
  const head = [
    'generator',
    'stall',
    'arrivals/s, least to most',
    'busiest 100 ms',
    'p50',
    'p99',
    'p99 off by',
  ];
  const table = new Table({ head, style: PLAIN });
  for (const stallMs of [0, STALL_MS]) {
    const truth = percentiles(trueLatencies(stallMs));
    table.push([
      'the truth',
      `${stallMs} ms`,
      `${RATE} to ${RATE}`,
      '1x',
      round(truth.p50),
      round(truth.p99),
      '',
    ]);
    for (const [name, generate] of Object.entries(generators)) {
      const all: Seen[] = [];
      for (let turn = 0; turn < rounds; turn++) {
        const server = await serve(DELAY_MS, stallMs > 0 ? STALL_AT_MS : undefined, stallMs);
        const said = await generate(server.url);
        all.push({ ...said, arrivedAt: await server.end() });
      }
      const perSecond = all.map(({ arrivedAt }) => counts(arrivedAt, 1000).slice(0, SECONDS));
      const busiest = all.map(({ arrivedAt }) => Math.max(...counts(arrivedAt, 100)) / (RATE / 10));
      const p99 = median(all.map((seen) => seen.p99));
      table.push([
        name,
        `${stallMs} ms`,
        `${median(perSecond.map((one) => Math.min(...one)))} to ${median(perSecond.map((one) => Math.max(...one)))}`,
        `${round(median(busiest), 2)}x`,
        round(median(all.map(({ p50 }) => p50))),
        round(p99),
        `${round((100 * (p99 - truth.p99)) / truth.p99, 1)} %`,
      ]);
    }
  }
  return `Open model, ${RATE} requests/s for ${SECONDS} s on a server that takes ${DELAY_MS} ms, medians of ${rounds}\n${table}`;
}

/** What each request of the schedule would see of that server if it were sent when it was due. */
function trueLatencies(stallMs: number): number[] {
  return Array.from({ length: RATE * SECONDS }, (_, index) => {
    const due = (index * 1000) / RATE;
    const held = due >= STALL_AT_MS ? Math.max(0, STALL_AT_MS + stallMs - due) : 0;
    return held + DELAY_MS;
  });
}

function percentiles(latencies: number[]): { p50: number; p99: number } {
  const sorted = latencies.sort((a, b) => a - b);
  const at = (percent: number) => sorted[Math.ceil((percent / 100) * sorted.length) - 1]!;
  return { p50: at(50), p99: at(99) };
}

/**
 * How many arrived in each slot of that many milliseconds. The first slot begins where the schedule does, as most
 * arrivals show it: the first ones wait for their connections.
 */
function counts(arrivedAt: readonly number[], slotMs: number): number[] {
  const slots: number[] = Array.from({ length: Math.ceil((SECONDS * 1000) / slotMs) }, () => 0);
  const origin = median(arrivedAt.map((at, index) => at - (index * 1000) / RATE));
  for (const at of arrivedAt) {
    const slot = Math.max(0, Math.floor((at - origin) / slotMs));
    if (slot < slots.length) slots[slot]!++;
  }
  return slots;
}
