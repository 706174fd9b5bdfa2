import { LAB_PORTS } from '../core/lab.ts';
import { findFault, touchedBy } from '../faults/index.ts';
import type { Incident } from './schedule.ts';

/** What can be wrong with a service, as a team names it; each fault is one of them. */
export const CAUSES: Record<string, { says: string; faults: readonly string[] }> = {
  stopped: {
    says: 'it does not run',
    faults: ['container-stop', 'container-kill', 'container-restart'],
  },
  frozen: { says: 'it runs and does nothing', faults: ['container-pause', 'redis-stall'] },
  'cut-off': { says: 'the network does not reach it', faults: ['network-disconnect'] },
  'slow-network': {
    says: 'the network to it is slow or loses connections',
    faults: ['network-delay'],
  },
  'wrong-address': { says: 'it is looked for where it is not', faults: ['stale-upstream'] },
  'too-little-cpu': { says: 'it gets too little of the processor', faults: ['cpu-limit', 'cpu-hog'] },
  'too-many-connections': { says: 'its connections are used up', faults: ['postgres-sleep-flood'] },
  locked: { says: 'something holds a lock', faults: ['postgres-lock'] },
  'own-failure': { says: 'it fails by itself: a bug, a bad setting', faults: ['app-failure'] },
};

/** What can be named as broken: every service of a lab, and the machine. */
export const SUSPECTS: readonly string[] = [
  ...new Set(Object.values(LAB_PORTS).map(({ service }) => service)),
  'the host',
].filter((service) => service !== 'grafana');

/** A guess at a cause. */
export interface Guess {
  service: string;
  kind: string;
}

/** Every answer that is right: an incident with several faults has several. */
export function answersOf({ scenario: { timeline } }: Pick<Incident, 'scenario'>): Guess[] {
  return timeline.flatMap((step) => {
    const fault = step.kind === 'fault' ? findFault(step.type) : undefined;
    const kind = Object.keys(CAUSES).find((one) => CAUSES[one]!.faults.includes(fault?.type ?? ''));
    if (step.kind !== 'fault' || !fault || !kind) return [];
    return touchedBy(fault, step.fields).map((service) => ({ service, kind }));
  });
}

export function isRight(guess: Guess, incident: Pick<Incident, 'scenario'>): boolean {
  return answersOf(incident).some(({ service, kind }) => service === guess.service && kind === guess.kind);
}
