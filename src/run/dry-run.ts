import type { Clock } from '../core/clock.ts';
import type { Lab } from '../core/lab.ts';
import type { Looking } from '../docker/engine.ts';
import { orNull } from '../observe/http.ts';
import { type Control, controlFault } from '../plan/control.ts';
import { makePlan, type Plan } from '../plan/plan.ts';
import { tolerations } from '../plan/remembered.ts';
import { cadenceInLabTime, rulesInLabTime } from '../rules/lab-time.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { unclean } from './baseline.ts';
import { awaitPreflight, witnessesOf } from './preflight.ts';
import { planSwarm, type SwarmChoice } from './swarm.ts';
import { swarmUrl, wireUrl } from './wire.ts';

export interface DryRunInput {
  scenario: Scenario;
  lab: Lab;
  /** It has no verb that changes anything. */
  engine: Looking;
  clock: Clock;
  signal: AbortSignal;
  /** Hears why the lab is not ready yet. */
  onWaiting: (reason: string) => void;
  control?: Control | undefined;
  /** Its loads would come from a Swarm. */
  swarm?: Pick<SwarmChoice, 'generators'> | undefined;
}

/** What a run would do to this lab, if it began now. */
export interface DryRun {
  lab: string;
  speed: number;
  /** When the baseline would begin, in milliseconds since the Unix epoch. */
  from: number;
  /** From the rules that are loaded now, in lab time. */
  plan: Plan;
  /** Alerts that are pending or firing now, for which the baseline would wait. */
  inTheWay: string[];
}

/**
 * Goes through a run as far as its first act: asks the servers, the targets and each fault whether it could act, and
 * plans with the live rules. Reads, and changes nothing.
 * @throws ChaosError `not-ready` as a run would
 */
export async function dryRun(input: DryRunInput): Promise<DryRun> {
  const { scenario, lab, engine, clock, signal, onWaiting, control, swarm } = input;
  const wrong = control && controlFault(scenario, control);
  const acted = control ? { ...scenario, timeline: wrong ? [wrong] : [] } : scenario;
  const witnesses = witnessesOf(lab);
  const { settings, rules } = await awaitPreflight(
    acted,
    lab,
    witnesses,
    { engine, clock },
    { signal, onWaiting },
  );
  const { speed } = settings;
  const fleet = swarm && (await planSwarm(acted, lab, engine, swarm));
  const urlOf = (request: { url: string }) => (fleet ? swarmUrl(request, lab).url : wireUrl(request, lab));
  const place = { lab: lab.name, speed, urlOf, ...(fleet ? { swarm: fleet } : {}) };
  return {
    lab: lab.name,
    speed,
    from: clock.now(),
    plan: makePlan(acted, rulesInLabTime(rules, speed), cadenceInLabTime(settings, speed), place),
    inTheWay: unclean(
      (await orNull(witnesses.prometheus.alerts())) ?? [],
      tolerations(scenario, rules, speed),
    ),
  };
}
