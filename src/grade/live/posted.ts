import { matches } from '../../core/labels.ts';
import type { ManagedAlert } from '../../observe/alertmanager.ts';
import type { LiveAlert } from '../../observe/prometheus.ts';

/** What an Alertmanager and its Prometheus showed at one moment, milliseconds since the Unix epoch. */
export interface Look {
  at: number;
  managed: readonly ManagedAlert[];
  live: readonly LiveAlert[];
}

/**
 * Alertmanager keeps an alert that Prometheus does not send any more for four resend delays, of a minute each in lab time
 * (ValidUntil in rules/alerting.go), and a few evaluations.
 */
const LEAVING_LAB_MS = 5 * 60_000;

/**
 * Alerts that Alertmanager showed at both looks, and that Prometheus was firing at neither. Nothing where the looks are so
 * close that an alert whose rule is gone may still be leaving.
 */
export function postedBetween(first: Look, last: Look, speed: number): { alert: string; since: string }[] {
  if (last.at - first.at < LEAVING_LAB_MS / speed) return [];
  const strange = ({ managed, live }: Look) =>
    managed.filter(
      ({ labels }) => !live.some((one) => one.state === 'firing' && matches(labels, one.labels)),
    );
  const known = new Set(strange(first).map(({ fingerprint }) => fingerprint));
  return strange(last).flatMap(({ fingerprint, labels, startsAt }) =>
    known.has(fingerprint) ? [{ alert: labels.alertname ?? '', since: startsAt }] : [],
  );
}
