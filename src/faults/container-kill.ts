import * as z from 'zod';
import { requireRunning, restoreRunning, untilDead } from './containers.ts';
import { defineFault } from './fault.ts';

/** Kills a container's first process outright, as the kernel does when memory runs out, and starts it again. */
export default defineFault({
  type: 'container-kill',
  summary: 'docker kill: SIGKILL, no chance to finish anything; started again afterwards',
  silences: true,
  fields: z.strictObject({
    target: z.string().describe('service of the lab, e.g. api'),
    signal: z
      .enum(['SIGKILL', 'SIGTERM', 'SIGINT', 'SIGQUIT'])
      .default('SIGKILL')
      .describe('what its first process is sent'),
  }),
  example: { target: 'api', signal: 'SIGKILL' },
  describe: ({ target, signal }) => `kill ${target} with ${signal}`,
  targets: ({ target }) => [target],
  touches: ({ target, signal }) => [
    { kind: 'container', on: target, does: `sent ${signal}`, undo: 'started again' },
  ],
  prepare: ({ target }, { engine }) => requireRunning(target, engine),

  inject: ({ target, signal: name }, { engine }, { signal }) =>
    untilDead(target, engine, signal, () => engine.kill(target, name)),
  undo: (undo, { engine, clock }) => restoreRunning(undo, engine, clock),
});
