import { systemClock } from '../core/clock.ts';
import type { Lab } from '../core/lab.ts';
import { connectEngine } from '../docker/engine.ts';
import { connectImages } from '../docker/images.ts';
import { planSwarm, type SwarmChoice } from '../run/swarm.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { ensureGeneratorImage, inImage } from '../stack/generator-image.ts';

/**
 * What the loads of runs on a Swarm are made with; builds its image where that is not there yet.
 * @param on hears of that
 * @throws ChaosError before anything is built where there is no Swarm, or it cannot ask what a scenario asks
 */
export async function chooseSwarm(
  scenarios: readonly Scenario[],
  lab: Lab,
  generators: number | undefined,
  on: (line: string) => void,
): Promise<SwarmChoice> {
  const engine = connectEngine(lab.project, systemClock);
  for (const scenario of scenarios) await planSwarm(scenario, lab, engine, { generators });
  const image = await ensureGeneratorImage(lab.images, connectImages(), on);
  return { image, generators, commands: { agent: inImage('agent'), hub: inImage('hub') } };
}
