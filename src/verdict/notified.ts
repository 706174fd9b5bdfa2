import { humanDuration } from '../core/duration.ts';
import { labelKey, only } from '../core/labels.ts';
import { routesOf } from '../plan/routing.ts';
import type { Route } from '../rules/alertmanager-config.ts';
import type { Evidence } from '../run/record.ts';

/** An alert that Alertmanager had and of which no notification was seen. */
interface Unnotified {
  alert: string;
  /** As Alertmanager has them, external labels included. */
  labels: Record<string, string>;
  receivedAt: number;
  /** Until when it was there to be notified. */
  until: number;
}

/** A notification takes this much longer than its route says at most; wall milliseconds. */
const DELIVERY_MS = 5000;

/**
 * Why nobody was notified of an alert: a receiver that reaches nobody and a notification that got lost are misses; one
 * that Alertmanager's grouping held back until the alert was gone proves nothing.
 * @returns undefined where that cannot be told: no routing known, no inbox, or one that did not answer
 */
export function whyUnnotified(
  { surroundings: { after }, observations, inbox }: Evidence,
  { alert, labels, receivedAt, until }: Unnotified,
): { outcome: 'missed' | 'inconclusive'; reasons: string[] } | undefined {
  if (!after.routing) return undefined;
  const { route, reaching } = after.routing;
  const known = { ...labels, alertname: alert };
  const routes = routesOf(route, { known, lacks: () => true }) ?? [];
  const heard = routes.filter(({ receiver }) => reaching.includes(receiver));
  if (heard.length === 0) {
    const names = routes.map(({ receiver }) => receiver).join(', ');
    return missed(`It fired and Alertmanager had it, but the receiver ${names} notifies nobody.`);
  }
  if (!inbox || observations.gaps.some(({ witness }) => witness === 'inbox')) return undefined;

  const before = observations.notifications.filter((one) => Date.parse(one.receivedAt) < receivedAt);
  const same = before.filter((one) => labelKey(one.labels) === labelKey(known)).at(-1);
  if (same?.status === 'firing')
    return unknown(`Alertmanager took it for the one it had notified at ${same.receivedAt}.`);
  const dues = heard.map((one) => {
    const neighbour = before.filter((other) => isGroup(one, other.labels, known)).at(-1);
    const next = neighbour ? Date.parse(neighbour.receivedAt) + one.groupIntervalMs : 0;
    const first = receivedAt + one.groupWaitMs;
    return next > first
      ? { at: next, setting: 'group_interval', ms: one.groupIntervalMs }
      : { at: first, setting: 'group_wait', ms: one.groupWaitMs };
  });
  const due = dues.reduce((a, b) => (a.at <= b.at ? a : b));
  if (until < due.at + DELIVERY_MS) {
    return unknown(
      `Its notification was swallowed by ${due.setting} (${humanDuration(due.ms)}): it was gone, or the run was over, before Alertmanager would have sent it.`,
    );
  }
  return missed('It fired and Alertmanager had it, but no notification arrived.');
}

/** Whether both are in one group of a route. */
function isGroup({ groupBy }: Route, a: Record<string, string>, b: Record<string, string>): boolean {
  const key = (labels: Record<string, string>) =>
    labelKey(groupBy.includes('...') ? labels : only(labels, ...groupBy));
  return key(a) === key(b);
}

function missed(reason: string) {
  return { outcome: 'missed' as const, reasons: [reason] };
}

function unknown(reason: string) {
  return { outcome: 'inconclusive' as const, reasons: [reason] };
}
