import type { Criterion } from '../check.ts';
import { dashboard } from './dashboard.ts';
import { documentation } from './documentation.ts';
import { metrics } from './metrics.ts';
import { rules } from './rules.ts';
import { slo } from './slo.ts';
import { stack } from './stack.ts';

/** The rubric's criteria, in its order. */
export const CRITERIA: readonly Criterion[] = [stack, metrics, rules, dashboard, slo, documentation];
