import appFailure from './app-failure.ts';
import containerKill from './container-kill.ts';
import containerPause from './container-pause.ts';
import containerRestart from './container-restart.ts';
import containerStop from './container-stop.ts';
import cpuHog from './cpu-hog.ts';
import cpuLimit from './cpu-limit.ts';
import type { AnyFault } from './fault.ts';
import networkDelay from './network-delay.ts';
import networkDisconnect from './network-disconnect.ts';
import postgresLock from './postgres-lock.ts';
import postgresSleepFlood from './postgres-sleep-flood.ts';
import redisStall from './redis-stall.ts';
import staleUpstream from './stale-upstream.ts';

/** Every fault there is. Schema, `chaos list`, the plan, the docs and the runner follow from this list. */
export const FAULTS: readonly AnyFault[] = [
  containerStop,
  containerKill,
  containerPause,
  containerRestart,
  networkDisconnect,
  networkDelay,
  staleUpstream,
  cpuLimit,
  cpuHog,
  postgresSleepFlood,
  postgresLock,
  redisStall,
  appFailure,
];

/** The fault of that type, where there is one. */
export function findFault(type: string): AnyFault | undefined {
  return FAULTS.find((fault) => fault.type === type);
}

/** What a fault acts on, for people: its services, or the host. */
export function touchedBy(fault: AnyFault, fields: Record<string, unknown>): string[] {
  const targets = fault.targets(fields);
  return targets.length > 0 ? targets : ['the host'];
}
