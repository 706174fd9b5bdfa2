import { iso } from '../core/clock.ts';
import { labelKey, matches } from '../core/labels.ts';
import type { Transition } from '../observe/observer.ts';
import type { Evidence } from '../run/record.ts';
import type { Forged } from './verdict.ts';

/** Alertmanager's startsAt is the evaluation that fired it, to the millisecond; a second is more than generous. */
const APART_MS = 1000;

/**
 * Alertmanager keeps an alert that Prometheus does not send any more, its rule being gone, for four resend delays, of a
 * minute each in lab time (ValidUntil in rules/alerting.go); and one that was resolved for a few evaluations.
 */
const LEAVING_LAB_MS = 4 * 60_000;
const LEAVING_EVALUATIONS = 4;

/**
 * What Alertmanager showed though no rule of Prometheus was firing it with the same labels since the same moment:
 * somebody posted it. Nothing where the history is not known.
 */
export function forgedOf(evidence: Evidence): Forged[] {
  const { history, observations, startedAt, endedAt, cadence, speed, replayed } = evidence;
  // Alertmanager never saw what other rules would have fired.
  if (!history || replayed) return [];
  const begun = Date.parse(startedAt);
  const leftBy = begun + LEAVING_LAB_MS / speed + LEAVING_EVALUATIONS * cadence.evaluationMs;
  const { transitions } = observations;
  const seen = new Set<string>();

  /** Whether it was there before the history begins, and is either still firing then or just leaving. */
  const isOld = ({ alert, labels, startsAt }: Transition) => {
    if (Date.parse(startsAt ?? '') >= begun) return false;
    if (Date.parse(endedAt) < leftBy) return true;
    const same = (one: Transition) => one.alert === alert && matches(labels, one.labels);
    return transitions.some(
      (one) =>
        (one.witness === 'prometheus' && one.state === 'firing' && same(one)) ||
        (one.witness === 'alertmanager' && one.state === 'gone' && same(one) && one.at <= leftBy),
    );
  };

  return transitions.flatMap((one) => {
    const { witness, alert, labels, state, at, startsAt } = one;
    if (witness !== 'alertmanager' || state === 'gone') return [];
    const isReal = history.some(
      (stay) =>
        stay.alert === alert &&
        // Alertmanager's labels are the rule's and the external ones, which the history does not have.
        matches(labels, stay.labels) &&
        stay.firedAt !== undefined &&
        Math.abs(Date.parse(startsAt ?? '') - stay.firedAt) <= APART_MS,
    );
    const key = labelKey({ ...labels, alertname: alert });
    if (isReal || seen.has(key) || isOld(one)) return [];
    seen.add(key);
    return [{ alert, labels, seenAt: iso(at), startsAt: startsAt ?? null }];
  });
}
