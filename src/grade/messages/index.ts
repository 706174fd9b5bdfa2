import { DASHBOARD } from './dashboard.ts';
import { DOCUMENTATION } from './documentation.ts';
import { LIVE_RULES } from './live-rules.ts';
import { LIVE_STACK } from './live-stack.ts';
import { METRICS } from './metrics.ts';
import { RULES } from './rules.ts';
import { SLO } from './slo.ts';
import { STACK } from './stack.ts';

/** Everything that a finding can say. */
export const FINDINGS = {
  ...STACK,
  ...METRICS,
  ...RULES,
  ...DASHBOARD,
  ...SLO,
  ...DOCUMENTATION,
  ...LIVE_STACK,
  ...LIVE_RULES,
};

export type FindingId = keyof typeof FINDINGS;

/** What the texts of a finding are made from. */
export type GivenOf<Id extends FindingId> = Parameters<(typeof FINDINGS)[Id]['en']>[0];
