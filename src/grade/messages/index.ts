import { DASHBOARD } from './dashboard.ts';
import { DOCUMENTATION } from './documentation.ts';
import { LIVE } from './live.ts';
import { METRICS } from './metrics.ts';
import { RULES } from './rules.ts';
import { SLO } from './slo.ts';
import { STACK } from './stack.ts';

/** Everything that a finding can say. */
export const FINDINGS = { ...STACK, ...METRICS, ...RULES, ...DASHBOARD, ...SLO, ...DOCUMENTATION, ...LIVE };

export type FindingId = keyof typeof FINDINGS;

/** What the texts of a finding are made from. */
export type GivenOf<Id extends FindingId> = Parameters<(typeof FINDINGS)[Id]['en']>[0];
