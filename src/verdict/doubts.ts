import { humanDuration } from '../core/duration.ts';
import { matches } from '../core/labels.ts';
import type { Evidence } from '../run/record.ts';

/** Under this share of the load that was planned, nothing can be said about an alert that did not fire. */
export const LEAST_DELIVERED = 0.95;

/** A witness may be silent for this many evaluations before its silence matters. */
const GAP_EVALUATIONS = 4;

/** What makes an absence in the evidence mean nothing, as sentences; empty where the evidence is whole. */
export function doubts({ history, restarted, load, observations, cadence }: Evidence): string[] {
  const reasons: string[] = [];
  if (!history) reasons.push('Prometheus could not be asked for the history of its alerts.');
  for (const name of restarted) {
    reasons.push(
      `${name === 'prometheus' ? 'Prometheus' : 'Alertmanager'} was restarted in the middle of the run.`,
    );
  }
  for (const { witness, from, to, reason } of observations.gaps) {
    if (witness === 'inbox' || to - from <= GAP_EVALUATIONS * cadence.evaluationMs) continue;
    reasons.push(
      `${witness === 'prometheus' ? 'Prometheus' : 'Alertmanager'} did not answer for ${humanDuration(to - from)} (${reason}).`,
    );
  }
  for (const { name, intended, delivered, error } of load) {
    if (error) reasons.push(`The load ${name} broke off: ${error}.`);
    if (intended > 0 && delivered / intended < LEAST_DELIVERED) {
      const percent = Math.round((100 * delivered) / intended);
      reasons.push(`The load ${name} delivered ${percent} % of what was planned.`);
    }
  }
  return reasons;
}

/** Why Alertmanager kept this alert from being notified, as sentences; empty where it did not. */
export function suppressed(
  { observations }: Evidence,
  alert: string,
  labels: Record<string, string>,
): string[] {
  const held = observations.transitions.find(
    (one) =>
      one.witness === 'alertmanager' &&
      one.state === 'suppressed' &&
      one.alert === alert &&
      matches(one.labels, labels),
  );
  return held
    ? [`Alertmanager suppressed it, by ${(held.suppressedBy ?? ['an unknown rule']).join(', ')}.`]
    : [];
}
