import { humanDuration } from '../core/duration.ts';
import { alertName, matches } from '../core/labels.ts';
import type { Evidence } from '../run/record.ts';

/** What an alert that never fired reads and Prometheus has no sample of: no data is never a miss. */
export function unread(evidence: Evidence, index: number): string[] {
  const absent = evidence.absent[index] ?? [];
  if (absent.length === 0) return [];
  return [`Its rule reads ${absent.join(', ')}, and Prometheus has no sample of that.`];
}

/** Why an alert did not fire, as far as the evidence shows, as a sentence. */
export function whyMissed(evidence: Evidence, index: number): string {
  const { alert, labels } = evidence.expect[index]!;
  const other = evidence.history?.find(
    (stay) => stay.alert === alert && stay.firedAt !== undefined && !matches(stay.labels, labels),
  );
  if (other) return `It fired with other labels: ${alertName(alert, other.labels)}.`;
  const rule = evidence.rules.alerts.find(({ name }) => name === alert);
  const held = evidence.held[index];
  if (!held || !rule) return '';
  if (held.length === 0) return 'Its condition never held on the stored samples.';
  const longest = Math.max(...held.map(({ from, to }) => to - from));
  return longest < rule.forMs
    ? `Its condition held for ${humanDuration(longest)} at most, and its for: is ${humanDuration(rule.forMs)}.`
    : `Its condition held for ${humanDuration(longest)}, but not at every evaluation of its for:, ${humanDuration(rule.forMs)}.`;
}
