import { ask, targetValue } from '../services.ts';
import { defineStep } from '../step.ts';

/** `docker start`, or `docker unpause`. */
export default defineStep({
  type: 'container-start',
  summary: 'docker start, or unpause, of a container that is stopped or paused',
  value: targetValue,
  target: (value) => value,
  describe: (target) => `start ${target}, where it is stopped or paused`,
  async look(target, _value, { engine }) {
    const { running, paused } = await engine.state(target);
    if (paused) return { needed: true, why: `${target} is paused` };
    return { needed: !running, why: `${target} ${running ? 'runs' : 'is stopped'}` };
  },
  async act(target, _value, { engine }) {
    const { paused } = await engine.state(target);
    await (paused ? engine.unpause(target) : engine.start(target));
  },
  async isWell(target, _value, { engine, lab }) {
    const { running, paused } = await engine.state(target);
    return running && !paused && (await ask(lab, target)) === 'well';
  },
});
