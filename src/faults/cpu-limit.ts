import * as z from 'zod';
import { requireRunning } from './containers.ts';
import { defineFault } from './fault.ts';

/** Docker's own period, in microseconds. */
const PERIOD_US = 100_000;

/** Gives a container a small share of the processors, live, and the former share afterwards. */
export default defineFault({
  type: 'cpu-limit',
  summary:
    'docker update --cpus, live: everything in it becomes slow; the former limit comes back afterwards',
  fields: z.strictObject({
    target: z.string().describe('service of the lab, e.g. api'),
    cpus: z.number().min(0.01, 'must be at least 0.01').max(64).describe('cores, e.g. 0.2'),
  }),
  example: { target: 'api', cpus: 0.2 },
  describe: ({ target, cpus }) => `limit ${target} to ${cpus} CPUs`,
  targets: ({ target }) => [target],
  touches: ({ target, cpus }) => [
    { kind: 'container', on: target, does: `limited to ${cpus} CPUs`, undo: 'the former limit again' },
  ],

  async prepare({ target }, { engine }) {
    await requireRunning(target, engine);
    return { target, limit: await engine.cpuLimit(target) };
  },

  async inject({ target, cpus }, { engine }, { signal }) {
    const seen = engine.nextEvent(target, 'update', signal);
    seen.catch(() => {});
    await engine.setCpuLimit(target, { quotaUs: Math.round(cpus * PERIOD_US), periodUs: PERIOD_US });
    const at = await seen;
    return { beganAt: at, effectiveAt: at };
  },

  async undo({ target, limit }, { engine, clock }) {
    await engine.setCpuLimit(target, limit);
    const now = await engine.cpuLimit(target);
    // Without a limit the quota reads 0 or -1, depending on whether there ever was one.
    const restored = limit.quotaUs > 0 ? now.quotaUs === limit.quotaUs : now.quotaUs <= 0;
    return { undoneAt: clock.now(), restored };
  },
});
