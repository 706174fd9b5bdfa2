import * as z from 'zod';
import { ChaosError } from '../core/errors.ts';
import { requireRunning } from './containers.ts';
import { defineFault } from './fault.ts';

/** Takes a container off the lab's network: it runs, and nobody reaches it nor it anybody. */
export default defineFault({
  type: 'network-disconnect',
  summary: 'docker network disconnect: it runs, but is cut off; connected again under its names afterwards',
  silences: true,
  fields: z.strictObject({ target: z.string().describe('service of the lab, e.g. postgres') }),
  example: { target: 'redis' },
  describe: ({ target }) => `cut ${target} off its network`,
  targets: ({ target }) => [target],
  touches: ({ target }) => [
    {
      kind: 'network',
      on: target,
      does: 'taken off every network it is on',
      undo: 'connected to each again, under its names',
    },
  ],

  async prepare({ target }, { engine }) {
    await requireRunning(target, engine);
    const attachments = await engine.networks(target);
    if (attachments.length > 0) return { target, attachments };
    throw new ChaosError('not-ready', `${target} is on no network, so it cannot be cut off.`, {
      hint: 'chaos up',
    });
  },

  async inject({ target }, { engine }, { signal }) {
    const seen = engine.nextNetworkEvent(target, 'disconnect', signal);
    seen.catch(() => {});
    for (const { network } of await engine.networks(target)) await engine.disconnect(target, network);
    const at = await seen;
    return { beganAt: at, effectiveAt: at };
  },

  async undo({ target, attachments }, { engine, clock }) {
    for (const attachment of attachments) await engine.connect(target, attachment);
    const now = (await engine.networks(target)).map(({ network }) => network);
    return { undoneAt: clock.now(), restored: attachments.every(({ network }) => now.includes(network)) };
  },
});
