import * as z from 'zod';
import { requireRunning, restoreRunning, untilDead } from './containers.ts';
import { defineFault } from './fault.ts';

/** Stops a container as `docker stop` does, and starts it again. */
export default defineFault({
  type: 'container-stop',
  summary: 'docker stop: SIGTERM, then SIGKILL after a grace period; started again afterwards',
  silences: true,
  fields: z.strictObject({ target: z.string().describe('service of the lab, e.g. api') }),
  example: { target: 'api' },
  describe: ({ target }) => `stop ${target}`,
  targets: ({ target }) => [target],
  touches: ({ target }) => [
    { kind: 'container', on: target, does: 'stopped, killed after ten seconds', undo: 'started again' },
  ],
  prepare: ({ target }, { engine }) => requireRunning(target, engine),

  inject: ({ target }, { engine }, { signal }) =>
    untilDead(target, engine, signal, () => engine.stop(target)),
  undo: (undo, { engine, clock }) => restoreRunning(undo, engine, clock),
});
