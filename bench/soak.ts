import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { plainDisplay } from '../src/cli/live-view.ts';
import { runOne } from '../src/cli/run-one.ts';
import { resolveScenarios } from '../src/cli/scenarios.ts';
import { systemClock } from '../src/core/clock.ts';
import { ChaosError } from '../src/core/errors.ts';
import type { Lab } from '../src/core/lab.ts';
import { STACK_DIR } from '../src/core/paths.ts';
import { knownFromStack } from '../src/scenario/known.ts';
import { against, type Figure, round, slope } from './tools.ts';

const run = promisify(execFile);

/** One look at this process and its lab. */
interface Sample {
  /** Since the beginning. */
  minute: number;
  rssMb: number;
  /** After a full collection, which every sixth sample makes: else it is the collector that is measured. */
  heapMb: number | undefined;
  handles: Record<string, number>;
  files: number;
  children: number;
  containers: number;
  networks: number;
}

const EVERY_MS = 10_000;
const SAMPLES_A_MINUTE = 6;
/** What is only loaded or grown once has been by then. */
const SETTLED_MINUTES = 10;
const WINDOW_MINUTES = 10;

/**
 * What counts as flat. The collector lets RSS breathe by a quarter from one minute to the next, so that a median says
 * where in a breath it was taken: what it reaches in ten minutes is compared.
 */
const MOST_RSS_GROWTH_PERCENT = 10;
const MOST_HEAP_MB_AN_HOUR = 5;

const LIGHT = ['api-outage', 'payment-failures', 'cache-outage', 'slow-network', 'pg-lock', 'probe-outage'];

/**
 * One process that runs scenarios on a lab again and again, as `chaos run` does, records included. Its memory must be
 * flat once it has settled, and as many handles, files, child processes, containers and networks be there at its end as
 * after its first run.
 */
export async function soak(lab: Lab, minutes: number, named: readonly string[] = LIGHT): Promise<string> {
  // A busy machine, on which some alert always fires, must not keep it from running: it is no verdict that counts here.
  const known = knownFromStack(STACK_DIR);
  const tolerate = (known.alerts ?? []).map((alert) => ({ alert, labels: {}, because: 'a soak' }));
  const scenarios = resolveScenarios(named, { known }).map((scenario) => ({ ...scenario, tolerate }));
  const reports = mkdtempSync(join(tmpdir(), 'chaos-soak-'));
  const began = systemClock.now();
  const samples: Sample[] = [];
  const done = new AbortController();
  const verdicts: Record<string, number> = {};
  const say = (line: string) => process.stdout.write(`${line}\n`);

  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const lookNow = async (collecting: boolean): Promise<Sample> => {
    const rssMb = round(process.memoryUsage.rss() / 1024 ** 2, 1);
    if (collecting) collect();
    const heap = process.memoryUsage().heapUsed;
    return {
      minute: round((systemClock.now() - began) / 60_000, 2),
      rssMb,
      heapMb: collecting ? round(heap / 1024 ** 2, 2) : undefined,
      ...inProcess(),
      ...(await inLab(lab)),
    };
  };
  // One after the other: each has children of its own while it asks Docker.
  let looked: Promise<unknown> = Promise.resolve();
  const look = (collecting: boolean) => {
    const next = looked.then(() => lookNow(collecting));
    looked = next;
    return next;
  };
  const watching = (async () => {
    for (let count = 1; !done.signal.aborted; count++) {
      await systemClock.sleep(EVERY_MS, done.signal).catch(() => {});
      const sample = await look(count % SAMPLES_A_MINUTE === 0);
      samples.push(sample);
      if (sample.heapMb !== undefined) say(lineOf(sample));
    }
  })();

  // One signal for all of them, as a process that lives on would have.
  const { signal } = new AbortController();
  let start: Sample | undefined;
  let runs = 0;
  say(`${lab.name} at ${lab.speed}x for ${minutes} minutes: ${scenarios.map(({ name }) => name).join(', ')}`);
  say(HEAD);
  try {
    for (; systemClock.now() - began < minutes * 60_000; runs++) {
      const scenario = scenarios[runs % scenarios.length]!;
      const display = plainDisplay(scenario, systemClock, () => {});
      try {
        const { record } = await runOne({ scenario, lab, signal, reports, display });
        verdicts[record.verdict] = (verdicts[record.verdict] ?? 0) + 1;
        if (record.verdict !== 'pass') say(`${scenario.name}: ${record.verdict}. ${record.because}`);
      } catch (error) {
        // Such as a target that is not scraped in time: no leak, and the next run is one more.
        if (!(error instanceof ChaosError) || error.kind !== 'not-ready') throw error;
        verdicts['not ready'] = (verdicts['not ready'] ?? 0) + 1;
        say(`${scenario.name}: ${error.message}`);
      }
      start ??= await atRest(look);
    }
    done.abort();
    await watching;
    const end = await atRest(look);
    say(lineOf(end));
    return judged(samples, start!, end, `${runs} runs: ${JSON.stringify(verdicts)}`);
  } finally {
    done.abort();
    rmSync(reports, { recursive: true });
  }
}

/** Connections that are kept for the next request go away by themselves, those of Node after five seconds. */
async function atRest(look: (collecting: boolean) => Promise<Sample>): Promise<Sample> {
  await systemClock.sleep(7000);
  return await look(true);
}

function inProcess(): Pick<Sample, 'handles' | 'files' | 'children'> {
  const handles: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) handles[kind] = (handles[kind] ?? 0) + 1;
  const children = readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim();
  return {
    handles,
    // Without the one that reading the folder opens.
    files: readdirSync('/proc/self/fd').length - 1,
    children: children === '' ? 0 : children.split(' ').length,
  };
}

async function inLab({ project }: Lab): Promise<Pick<Sample, 'containers' | 'networks'>> {
  const filter = `label=com.docker.compose.project=${project}`;
  const count = async (...args: string[]) => {
    const { stdout } = await run('docker', [...args, '--quiet', '--filter', filter]);
    return stdout.split('\n').filter(Boolean).length;
  };
  return { containers: await count('ps', '--all'), networks: await count('network', 'ls') };
}

const HEAD = 'minute  RSS MB  heap MB  files  children  containers  networks  handles';

function lineOf({ minute, rssMb, heapMb, files, children, containers, networks, handles }: Sample): string {
  const cells = [minute.toFixed(1), rssMb, heapMb ?? '', files, children, containers, networks];
  const widths = [6, 6, 7, 5, 8, 10, 8];
  const kinds = Object.entries(handles).map(([kind, number]) => `${kind} ${number}`);
  return `${cells.map((cell, i) => String(cell).padStart(widths[i]!)).join('  ')}  ${kinds.join(', ')}`;
}

function judged(samples: readonly Sample[], start: Sample, end: Sample, what: string): string {
  // A short one is a trial of the program, not of the memory: a third of it counts as settling.
  const settled = Math.min(SETTLED_MINUTES, end.minute / 3);
  const window = Math.min(WINDOW_MINUTES, (end.minute - settled) / 2);
  const after = samples.filter(({ minute }) => minute >= settled);
  const rssOf = (some: readonly Sample[]) => Math.max(...some.map(({ rssMb }) => rssMb));
  const first = rssOf(after.filter(({ minute }) => minute < settled + window));
  const last = rssOf(after.filter(({ minute }) => minute >= end.minute - window));
  const anHour = (of: (sample: Sample) => number | undefined) => {
    const points = after.flatMap((sample) => {
      const value = of(sample);
      return value === undefined ? [] : [[sample.minute / 60, value] as const];
    });
    return round(slope(points), 2);
  };
  const figures: Figure[] = [
    {
      name: `most RSS, minutes ${round(settled, 1)} to ${round(settled + window, 1)}`,
      value: first,
      unit: 'MB',
    },
    { name: `most RSS, last ${round(window, 1)} minutes`, value: last, unit: 'MB' },
    {
      name: 'growth of it',
      value: round((100 * (last - first)) / first, 1),
      unit: '%',
      most: MOST_RSS_GROWTH_PERCENT,
    },
    { name: 'RSS, least squares', value: anHour(({ rssMb }) => rssMb), unit: 'MB/h' },
    {
      name: 'heap after collection, least squares',
      value: anHour(({ heapMb }) => heapMb),
      unit: 'MB/h',
      most: MOST_HEAP_MB_AN_HOUR,
    },
    { name: 'RSS, most', value: Math.max(...samples.map(({ rssMb }) => rssMb)), unit: 'MB' },
    ...(['files', 'children', 'containers', 'networks'] as const).map((name) => ({
      name: `${name} at rest`,
      value: end[name],
      unit: '',
      most: start[name],
    })),
    ...Object.keys(end.handles).map((kind) => ({
      name: `${kind} at rest`,
      value: end.handles[kind]!,
      unit: '',
      most: start.handles[kind] ?? 0,
    })),
  ];
  return against(
    `Soak of ${round(end.minute)} minutes, ${what}; at most as many at rest as after the first run`,
    figures,
  );
}
