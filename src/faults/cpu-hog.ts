import * as z from 'zod';
import { ChaosError, messageOf } from '../core/errors.ts';
import { baseUrl, type Lab } from '../core/lab.ts';
import { defineFault } from './fault.ts';

const HOG = 'chaos-cpu-hog';
/** Docker's own period, in microseconds. */
const PERIOD_US = 100_000;
/** It ends by itself this long after it should have been ended, in seconds. */
const MARGIN_S = 30;
/** Which part of its share must be seen at work: the kernel lends a quota in slices, so a little is always lost. */
const MOST = 0.9;
/** Between two looks at the counters, in milliseconds; they advance in hundredths of a second. */
const LOOK_MS = 1000;

/** As many processes as there are processors, each the last to be served, for so many seconds. */
const BURN = `
import os, sys, time
os.nice(19)
end = time.monotonic() + float(sys.argv[1])
for _ in range(os.cpu_count() - 1):
    if os.fork() == 0:
        break
while time.monotonic() < end:
    for _ in range(100000):
        pass
`;

/** Keeps the host's processors busy, up to a share that the kernel enforces. */
export default defineFault({
  type: 'cpu-hog',
  summary: 'a container burns a share of the host, and everybody else goes first; ends even if we die',
  fields: z.strictObject({
    percent: z
      .number()
      .min(1, 'must be at least 1')
      .max(95, 'must be at most 95, so that something is left to watch with')
      .default(88)
      .describe('of all processors of the host; HighCPU wants more than 80'),
  }),
  example: { percent: 88 },
  describe: ({ percent }) => `burn ${percent} % of the host's processors`,
  targets: () => [],
  touches: ({ percent }) => [
    {
      kind: 'host',
      on: 'the host',
      does: `${percent} % of all processors, at the lowest priority`,
      undo: 'given back as its helper ends',
    },
    {
      kind: 'helper',
      on: HOG,
      does: 'added, without a network',
      undo: `removed; ends by itself ${MARGIN_S} s after its time`,
    },
  ],

  async prepare(_fields, { engine, lab }) {
    if (!(await engine.processors()).limitable) {
      throw new ChaosError(
        'not-ready',
        'Docker cannot limit processors here, so the hog would have no bounds.',
        {
          hint: 'a rootless daemon needs the cpu controller delegated to it; docker info names what is missing',
        },
      );
    }
    if ((await engine.countHelpers(HOG)) > 0) {
      throw new ChaosError('not-ready', 'A CPU hog is at work already.', {
        hint: `it ends by itself; chaos up --name ${lab.name} removes it at once`,
      });
    }
    await processorTime(lab);
    return {};
  },

  async inject({ percent }, { engine, lab, clock }, { signal, forMs }) {
    const { count } = await engine.processors();
    const quotaUs = Math.round((percent / 100) * count * PERIOD_US);
    const { startedAt } = await engine.startHelper({
      name: HOG,
      image: { of: 'api' },
      command: ['python3', '-c', BURN, String(forMs / 1000 + MARGIN_S)],
      cpu: { quotaUs, periodUs: PERIOD_US },
    });
    for (;;) {
      const before = await processorTime(lab);
      await clock.sleep(LOOK_MS, signal);
      const after = await processorTime(lab);
      const busy = 1 - (after.idle - before.idle) / (after.all - before.all);
      if (busy * 100 >= percent * MOST) return { beganAt: startedAt, effectiveAt: clock.now() };
    }
  },

  async undo(_note, { engine, clock }) {
    await engine.removeHelpers(HOG);
    return { undoneAt: clock.now(), restored: (await engine.countHelpers(HOG)) === 0 };
  },
});

/** What the host's processors have spent since its start, idle and in all, in seconds: what HighCPU is made of. */
async function processorTime(lab: Lab): Promise<{ idle: number; all: number }> {
  const { default: axios } = await import('axios');
  const url = `${baseUrl(lab, 'NODE_EXPORTER_PORT')}/metrics?collect[]=cpu`;
  const options = { proxy: false as const, maxRedirects: 0, timeout: 5000, responseType: 'text' as const };
  const { data } = await axios.get<string>(url, options).catch((error) => {
    throw new ChaosError('not-ready', `node-exporter does not answer: ${messageOf(error)}.`, {
      cause: error,
    });
  });
  const spent = { idle: 0, all: 0 };
  for (const [, mode, seconds] of data.matchAll(/^node_cpu_seconds_total\{.*mode="(\w+)"\} (\S+)$/gm)) {
    spent.all += Number(seconds);
    if (mode === 'idle') spent.idle += Number(seconds);
  }
  return spent;
}
