import { humanDuration } from '../core/duration.ts';
import { matches } from '../core/labels.ts';
import type { Silence } from '../observe/alertmanager.ts';
import type { Evidence } from '../run/record.ts';

/** Under this share of the load that was planned, nothing can be said about an alert that did not fire. */
export const LEAST_DELIVERED = 0.95;

/** A witness may be silent for this many evaluations before its silence matters. */
const GAP_EVALUATIONS = 4;

/** What makes an absence in the evidence mean nothing, as sentences; empty where the evidence is whole. */
export function doubts({
  history,
  restarted,
  load,
  observations,
  cadence,
  surroundings,
}: Evidence): string[] {
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
  reasons.push(...changes(surroundings));
  for (const { name, intended, delivered, error } of load) {
    if (error) reasons.push(`The load ${name} broke off: ${error}.`);
    if (intended > 0 && delivered / intended < LEAST_DELIVERED) {
      const percent = Math.round((100 * delivered) / intended);
      reasons.push(`The load ${name} delivered ${percent} % of what was planned.`);
    }
  }
  return reasons;
}

/** A clock that is certainly further off than this makes every comparison of times doubtful; milliseconds. */
const MOST_SKEW_MS = 1000;

/** What became other in the middle of the run, or was wrong from its start. */
function changes({ before, after }: Evidence['surroundings']): string[] {
  const reasons: string[] = [];
  if (before.rulesHash && after.rulesHash && before.rulesHash !== after.rulesHash)
    reasons.push('The rules that Prometheus has loaded were changed in the middle of the run.');
  const left = after.phases?.targets;
  for (const { job, instance } of (left && before.phases?.targets) ?? []) {
    if (!left?.some((one) => one.job === job && one.instance === instance))
      reasons.push(`The target ${job} ${instance} is not scraped any more.`);
  }
  for (const [name, server] of SERVERS) {
    const skew = [before, after]
      .map(({ skewMs }) => skewMs[name] ?? 0)
      .find((ms) => Math.abs(ms) > MOST_SKEW_MS);
    if (skew)
      reasons.push(
        `The clock of ${server} is ${humanDuration(Math.abs(skew))} ${skew > 0 ? 'ahead' : 'behind'}.`,
      );
  }
  return reasons;
}

const SERVERS = [
  ['prometheus', 'Prometheus'],
  ['alertmanager', 'Alertmanager'],
] as const;

/** Silences that were made while the run went on. */
export function newSilences({ surroundings }: Evidence): Silence[] {
  const before = new Set(surroundings.before.silences?.map(({ id }) => id));
  return (surroundings.after.silences ?? []).filter(({ id }) => !before.has(id));
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
  if (!held) return [];
  const by = (held.suppressedBy ?? []).join(', ');
  return [
    held.silenced
      ? `It was silenced in Alertmanager, by ${by}.`
      : `It was inhibited in Alertmanager, by the alert ${by || 'of another rule'}.`,
  ];
}
