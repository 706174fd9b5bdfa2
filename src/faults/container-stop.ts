import { z } from 'zod';
import { ChaosError } from '../core/errors.ts';
import { defineFault } from './fault.ts';

/** Stops a container as `docker stop` does, and starts it again. */
export default defineFault({
  type: 'container-stop',
  summary: 'docker stop: SIGTERM, then SIGKILL after a grace period; started again afterwards',
  fields: z.strictObject({
    target: z.string().describe('service of the lab, e.g. api'),
  }),
  describe: ({ target }) => `stop ${target}`,
  targets: ({ target }) => [target],

  async prepare({ target }, { engine }) {
    const { running } = await engine.state(target);
    if (!running) {
      throw new ChaosError('not-ready', `${target} is not running, so it cannot be stopped.`, {
        hint: `docker start it, or chaos up`,
      });
    }
    return { target, running };
  },

  async inject({ target }, { engine }, signal) {
    const told = engine.nextEvent(target, 'kill', signal);
    const died = engine.nextEvent(target, 'die', signal);
    // Heard below; an interrupt in the middle of the stop must not be an unhandled rejection.
    Promise.all([told, died]).catch(() => {});
    // Waited for even when interrupted: a start sent while the stop is under way is lost.
    await engine.stop(target);
    return { beganAt: await told, effectiveAt: await died };
  },

  async undo({ target, running }, { engine, clock }) {
    if (running) await engine.start(target);
    const after = await engine.state(target);
    return { undoneAt: after.startedAt ?? clock.now(), restored: after.running === running };
  },
});
