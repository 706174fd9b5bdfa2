import * as z from 'zod';
import { requireRunning, restoreRunning, untilDead } from './containers.ts';
import { defineFault } from './fault.ts';

/** Restarts a container once. `for` is how long its consequences are watched: there is nothing left to undo. */
export default defineFault({
  type: 'container-restart',
  summary: 'docker restart, once: counters begin at 0, connections are lost',
  fields: z.strictObject({ target: z.string().describe('service of the lab, e.g. api') }),
  example: { target: 'api' },
  describe: ({ target }) => `restart ${target}`,
  targets: ({ target }) => [target],
  touches: ({ target }) => [
    { kind: 'container', on: target, does: 'stopped and started, once', undo: 'started, should it not run' },
  ],
  prepare: ({ target }, { engine }) => requireRunning(target, engine),

  inject: ({ target }, { engine }, { signal }) =>
    untilDead(target, engine, signal, () => engine.restart(target)),
  undo: (undo, { engine, clock }) => restoreRunning(undo, engine, clock),
});
