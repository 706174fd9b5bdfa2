import * as z from 'zod';
import { requireRunning } from './containers.ts';
import { defineFault } from './fault.ts';

/** Freezes a container: its connections stay open, and nobody answers on them. */
export default defineFault({
  type: 'container-pause',
  summary: 'docker pause: every process frozen, connections kept open; unpaused afterwards',
  silences: true,
  fields: z.strictObject({ target: z.string().describe('service of the lab, e.g. api') }),
  example: { target: 'redis' },
  describe: ({ target }) => `pause ${target}`,
  targets: ({ target }) => [target],
  touches: ({ target }) => [
    { kind: 'container', on: target, does: 'every process frozen', undo: 'unfrozen' },
  ],

  async prepare({ target }, { engine }) {
    await requireRunning(target, engine);
    const { paused } = await engine.state(target);
    return { target, paused };
  },

  async inject({ target }, { engine }, { signal }) {
    const seen = engine.nextEvent(target, 'pause', signal);
    seen.catch(() => {});
    await engine.pause(target);
    const at = await seen;
    return { beganAt: at, effectiveAt: at };
  },

  async undo({ target, paused }, { engine, clock }) {
    if (!paused) await engine.unpause(target);
    return { undoneAt: clock.now(), restored: (await engine.state(target)).paused === paused };
  },
});
