import { ask, targetValue } from '../services.ts';
import { defineStep } from '../step.ts';

/** One answer may be late on a busy machine. */
const TRIES = 3;
/** Between two of them, in wall milliseconds. */
const PAUSE_MS = 500;

/** `docker restart`. A container that answers, and be it with an error, is busy or broken, and does not hang. */
export default defineStep({
  type: 'container-restart',
  summary: 'docker restart of a container that runs, and answers on none of its ports',
  value: targetValue,
  target: (value) => value,
  describe: (target) => `restart ${target}, where it runs and does not answer`,
  async look(target, _value, { engine, lab, clock }) {
    const { running, paused } = await engine.state(target);
    if (!running || paused) return { needed: false, why: `${target} is ${paused ? 'paused' : 'stopped'}` };
    // Nobody can reach it, so it cannot be known to hang; and a restart would not connect it.
    if ((await engine.networks(target)).length === 0)
      return { needed: false, why: `${target} is on no network` };
    for (let tries = 1; tries <= TRIES; tries++) {
      if ((await ask(lab, target)) !== 'silent') return { needed: false, why: `${target} answers` };
      if (tries < TRIES) await clock.sleep(PAUSE_MS);
    }
    return { needed: true, why: `${target} runs and does not answer` };
  },
  act: (target, _value, { engine }) => engine.restart(target),
  isWell: async (target, _value, { lab }) => (await ask(lab, target)) === 'well',
});
