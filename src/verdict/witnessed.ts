import { iso } from '../core/clock.ts';
import { matches } from '../core/labels.ts';
import type { Episode } from '../observe/history.ts';
import type { Transition } from '../observe/observer.ts';
import type { Evidence } from '../run/record.ts';

/** The first that Alertmanager showed of a stay. */
export function firstShown(
  { observations }: Evidence,
  { alert, labels, activeAt, firedAt, resolvedAt }: Episode,
): Transition | undefined {
  const from = firedAt ?? activeAt;
  const to = resolvedAt ?? Number.POSITIVE_INFINITY;
  return observations.transitions.find(
    (one) =>
      one.witness === 'alertmanager' &&
      one.alert === alert &&
      matches(one.labels, labels) &&
      one.state !== 'gone' &&
      one.at >= from &&
      one.at <= to + 60_000,
  );
}

/** When each witness had it. */
export function witnessed(evidence: Evidence, stay: Episode) {
  const { alert, labels, activeAt, firedAt, resolvedAt } = stay;
  const from = firedAt ?? activeAt;
  const received = firstShown(evidence, stay);
  const notified = evidence.observations.notifications.find(
    (one) =>
      one.status === 'firing' &&
      one.labels.alertname === alert &&
      matches(one.labels, labels) &&
      Date.parse(one.receivedAt) >= from,
  );
  return {
    activeAt: iso(activeAt),
    firedAt: firedAt === undefined ? null : iso(firedAt),
    receivedAt: received ? iso(arrivalOf(received, from)) : null,
    notifiedAt: notified ? notified.receivedAt : null,
    resolvedAt: resolvedAt === undefined ? null : iso(resolvedAt),
  };
}

/** Alertmanager's own word on when it arrived, where that can be so; else the poll that saw it. */
function arrivalOf({ at, arrivedAt }: Transition, firedAt: number): number {
  const told = Date.parse(arrivedAt ?? '');
  return told >= firedAt && told <= at ? told : at;
}
