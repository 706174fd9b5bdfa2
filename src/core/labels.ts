import { visible } from './visible.ts';

export type Labels = Record<string, string>;

/** Whether every wanted label is there with that value; others are free. */
export function matches(labels: Labels, wanted: Labels): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

/** Whether an alert, its labels with or without `alertname`, is among those that are named. */
export function isAmong(
  named: readonly { alert: string; labels: Labels }[],
  alert: string | undefined,
  labels: Labels,
): boolean {
  return named.some((one) => one.alert === alert && matches(labels, one.labels));
}

/** One text per label set, whatever the order, for use as a key. */
export function labelKey(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Without the named labels. */
export function without(labels: Labels, ...names: string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => !names.includes(name)));
}

/** The named labels, and no others. */
export function only(labels: Labels, ...names: string[]): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([name]) => names.includes(name)));
}

/** `InstanceDown{job="api"}`, as Prometheus writes it, for people to read. */
export function alertName(alert: string, labels: Labels = {}): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return visible(pairs.length > 0 ? `${alert}{${pairs.join(', ')}}` : alert);
}

/** The name of an alert of a lab, without the labels that every one of them has. */
export function ownName({ alertname = '', ...rest }: Labels): string {
  return alertName(alertname, without(rest, 'severity', 'environment', 'service', 'chaos_speed'));
}
