import type { Episode } from '../observe/history.ts';
import type { Evidence } from '../run/record.ts';

/**
 * The evidence of a run as it would be under other rules. Alertmanager's side of it is unknown: nothing of it is kept
 * but who was silenced, and `replayed` tells the verdict to take what fires in Prometheus as received.
 */
export function underRules(
  evidence: Evidence,
  rules: Evidence['rules'],
  history: readonly Episode[],
  replayed: NonNullable<Evidence['replayed']>,
): Evidence {
  const { observations } = evidence;
  return {
    ...evidence,
    rules,
    history: [...history].sort((a, b) => a.activeAt - b.activeAt),
    held: evidence.expect.map(() => null),
    // What other rules read is there: see limits.ts.
    absent: evidence.expect.map(() => null),
    observations: {
      ...observations,
      transitions: observations.transitions.filter(({ state }) => state === 'suppressed'),
      notifications: [],
    },
    replayed,
  };
}
