import { SETTLE_LAB_MS } from '../../plan/remembered.ts';
import { deepLookback } from '../../rules/lookback.ts';
import type { AlertRule } from '../../rules/rule.ts';
import { certaintyOf } from '../alerts.ts';
import type { Submission } from '../submission.ts';

/** An alert on the machine itself says something about whose machine it is. */
const HOST = /\bnode_/;

/**
 * Of alerts that fire while nothing is broken, those that are held against a stack: not what the machine does, nor what
 * remembers an incident from longer ago than anybody waits for quiet, unless it fires whatever happens.
 * @param running its rules as its Prometheus runs them, `speed` times as fast
 */
export function heldAgainst(
  firing: readonly string[],
  running: Submission,
  speed: number,
): { rule: AlertRule; always: boolean }[] {
  const { alerts, recordings } = running.rules;
  return [...new Set(firing)].flatMap((alert) => {
    const rules = alerts.filter(({ name }) => name === alert);
    return rules.slice(0, 1).flatMap((rule) => {
      const always = rules.some((one) => certaintyOf(one, running) === 'always');
      const remembers = rules.every(({ expr }) => deepLookback(expr, recordings) * speed > SETTLE_LAB_MS);
      const isHost = rules.every(({ expr }) => HOST.test(expr));
      return always || !(isHost || remembers) ? [{ rule, always }] : [];
    });
  });
}
