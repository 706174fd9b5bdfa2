import type { CriterionId } from '../../messages/titles.ts';
import type { LiveCheck } from '../check.ts';
import { dashboardLive } from './dashboard.ts';
import { metricsLive } from './metrics.ts';
import { rulesLive } from './rules.ts';
import { sloLive } from './slo.ts';
import { stackLive } from './stack.ts';

/** What of each criterion only a running stack answers. */
export const LIVE_CHECKS: Readonly<Record<CriterionId, readonly LiveCheck[]>> = {
  stack: stackLive,
  metrics: metricsLive,
  rules: rulesLive,
  dashboard: dashboardLive,
  slo: sloLive,
  documentation: [],
};
