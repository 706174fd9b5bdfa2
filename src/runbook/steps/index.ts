import type { AnyStep } from '../step.ts';
import containerRestart from './container-restart.ts';
import containerStart from './container-start.ts';
import nginxReload from './nginx-reload.ts';
import postgresTerminateSessions from './postgres-terminate-sessions.ts';

/** Every step a runbook may declare. Its schema and `chaos runbook` follow from the list. */
export const STEPS: readonly AnyStep[] = [
  containerStart,
  containerRestart,
  nginxReload,
  postgresTerminateSessions,
];
