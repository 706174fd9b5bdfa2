import { deepLookback } from '../rules/lookback.ts';
import type { AlertRule, RecordingRule } from '../rules/rule.ts';
import type { Scenario, Toleration } from '../scenario/scenario.ts';

/**
 * How much longer than the baseline itself a run waits for what an earlier incident left behind, in lab
 * milliseconds: a 5m window plus a `for:` of 5m, and a little.
 */
export const SETTLE_LAB_MS = 12 * 60_000;

/**
 * What is not held against a run: what the scenario tolerates, and every alert it does not expect that looks back
 * further than a run waits for its baseline. Such an alert remembers incidents from before the run, which no quiet
 * minute rules out: the ticket of an error budget fires for hours after an outage, and says nothing of this one.
 * @param rules with durations in the time of the lab that runs `speed` times as fast
 */
export function tolerations(
  { tolerate, expect }: Pick<Scenario, 'tolerate' | 'expect'>,
  { alerts, recordings }: { alerts: readonly AlertRule[]; recordings: readonly RecordingRule[] },
  speed: number,
): Toleration[] {
  const remembering = alerts.filter(({ expr }) => deepLookback(expr, recordings) * speed > SETTLE_LAB_MS);
  const names = new Set(remembering.map(({ name }) => name));
  for (const { alert } of expect) names.delete(alert);
  return [...tolerate, ...[...names].map((alert) => ({ alert, labels: {} }))];
}
