import { type Labels, labelKey, without } from '../core/labels.ts';
import type { Prometheus, Series } from './prometheus.ts';

/**
 * One stay of an alert, from the evaluation that made it pending to the one that found it gone. Milliseconds
 * since the Unix epoch, by Prometheus' own evaluation times.
 */
export interface Episode {
  alert: string;
  /** Without `alertname`. */
  labels: Labels;
  activeAt: number;
  /** Undefined while it was only ever pending. */
  firedAt: number | undefined;
  /** First evaluation without it; undefined if it was still there at the end of the history. */
  resolvedAt: number | undefined;
}

/**
 * A gap of more evaluations than this between two samples of ALERTS is an end and a new beginning, unless
 * ALERTS_FOR_STATE says that the alert has been pending since the same moment: then Prometheus skipped an evaluation.
 */
const GAP_EVALUATIONS = 1.5;

/**
 * Every stay of every alert between two times, from the stored samples of ALERTS and ALERTS_FOR_STATE: no poll
 * can be missed in it. The samples carry the evaluation's own timestamp, so the times are exact.
 * @throws Unreachable
 */
export async function readHistory(
  prometheus: Prometheus,
  startMs: number,
  endMs: number,
  intervalOf: (alert: string) => number,
): Promise<Episode[]> {
  const [alerts, forState] = await Promise.all([
    prometheus.samples('ALERTS', startMs, endMs),
    prometheus.samples('ALERTS_FOR_STATE', startMs, endMs),
  ]);
  return episodesOf(alerts, forState, endMs, intervalOf);
}

/** The pure half of readHistory. `intervalOf` gives an alert's evaluation interval in milliseconds. */
export function episodesOf(
  alerts: readonly Series[],
  forState: readonly Series[],
  endMs: number,
  intervalOf: (alert: string) => number,
): Episode[] {
  const active = new Map(
    forState.map(({ metric, values }) => [
      labelKey(without(metric, '__name__')),
      new Map(values.map(([seconds, since]) => [Math.round(seconds * 1000), Number(since) * 1000])),
    ]),
  );
  const byAlert = new Map<string, { metric: Labels; points: { at: number; firing: boolean }[] }>();
  for (const { metric, values } of alerts) {
    const labels = without(metric, '__name__', 'alertstate');
    const entry = byAlert.get(labelKey(labels)) ?? { metric: labels, points: [] };
    byAlert.set(labelKey(labels), entry);
    for (const [seconds] of values) {
      entry.points.push({ at: Math.round(seconds * 1000), firing: metric.alertstate === 'firing' });
    }
  }

  const episodes: Episode[] = [];
  for (const [key, { metric, points }] of byAlert) {
    const alert = metric.alertname ?? '';
    const interval = intervalOf(alert);
    points.sort((a, b) => a.at - b.at);
    let current: Episode | undefined;
    let last = 0;
    let lastSince: number | undefined;
    for (const { at, firing } of points) {
      const since = active.get(key)?.get(at);
      const skipped = since !== undefined && since === lastSince;
      // A pending sample after a firing one is a new stay, even without a gap between them.
      const anew =
        !current ||
        (at - last > GAP_EVALUATIONS * interval && !skipped) ||
        (!firing && current.firedAt !== undefined);
      if (!current || anew) {
        if (current) current.resolvedAt = last + interval;
        current = {
          alert,
          labels: without(metric, 'alertname'),
          activeAt: activeSince(since, at),
          firedAt: undefined,
          resolvedAt: undefined,
        };
        episodes.push(current);
      }
      if (firing) current.firedAt ??= at;
      last = at;
      lastSince = since;
    }
    if (current && endMs - last > GAP_EVALUATIONS * interval) current.resolvedAt = last + interval;
  }
  return episodes.sort((a, b) => a.activeAt - b.activeAt);
}

/**
 * ALERTS_FOR_STATE's value is the pending time in whole seconds, so it only decides where the first sample in
 * the window is not the stay's first: an alert that was active before the window began.
 */
function activeSince(since: number | undefined, firstSampleAt: number): number {
  return since === undefined || firstSampleAt - since < 1000 ? firstSampleAt : since;
}
