import { type Labels, labelKey, without } from '../core/labels.ts';
import type { Episode } from '../observe/history.ts';
import type { AlertRule } from '../rules/rule.ts';

/** When an expression had a result, for one label set; milliseconds since the Unix epoch, in order. */
export interface Truth {
  metric: Labels;
  times: readonly number[];
}

type Timing = Pick<AlertRule, 'name' | 'forMs' | 'keepFiringForMs' | 'labels'>;

/** The state of one alert between two evaluations. */
interface Active {
  activeAt: number;
  firedAt: number | undefined;
  keepFiringSince: number | undefined;
}

/**
 * Every stay of an alert, from the evaluations at which its expression had a result, as Prometheus makes them
 * (prometheus/rules/alerting.go, Eval): pending since the first result (activeAt), firing at the first evaluation
 * at which `for` has passed since, gone at the first without a result; a firing one is kept for `keep_firing_for`
 * from then. The rule's own labels are added to those of the result; templates in them are left as they are written.
 * @param evaluations all times at which the rule was evaluated, in order
 */
export function episodesOfRule(
  rule: Timing,
  truths: readonly Truth[],
  evaluations: readonly number[],
): Episode[] {
  const stays = bySet(rule, truths).flatMap(({ labels, times }) =>
    staysOf(rule, times, evaluations).map((stay) => ({ alert: rule.name, labels, ...stay })),
  );
  return stays.sort((a, b) => a.activeAt - b.activeAt);
}

function staysOf(
  { forMs, keepFiringForMs }: Timing,
  times: ReadonlySet<number>,
  evaluations: readonly number[],
): Pick<Episode, 'activeAt' | 'firedAt' | 'resolvedAt'>[] {
  const stays: Pick<Episode, 'activeAt' | 'firedAt' | 'resolvedAt'>[] = [];
  let active: Active | undefined;
  for (const now of evaluations) {
    if (times.has(now)) {
      active ??= { activeAt: now, firedAt: undefined, keepFiringSince: undefined };
      active.keepFiringSince = undefined;
    } else if (active) {
      const kept = active.firedAt !== undefined && keepFiringForMs > 0;
      if (kept) active.keepFiringSince ??= now;
      if (!kept || now - active.keepFiringSince! >= keepFiringForMs) {
        stays.push({ activeAt: active.activeAt, firedAt: active.firedAt, resolvedAt: now });
        active = undefined;
      }
    }
    if (active && active.firedAt === undefined && now - active.activeAt >= forMs) active.firedAt = now;
  }
  if (active) stays.push({ activeAt: active.activeAt, firedAt: active.firedAt, resolvedAt: undefined });
  return stays;
}

/** An expression over time may hand one alert from one series to another; Prometheus sees the labels alone. */
function bySet({ labels: own }: Timing, truths: readonly Truth[]): { labels: Labels; times: Set<number> }[] {
  const sets = new Map<string, { labels: Labels; times: Set<number> }>();
  for (const { metric, times } of truths) {
    const all = Object.entries({ ...without(metric, '__name__', 'alertname'), ...own });
    const labels = Object.fromEntries(all.filter(([, value]) => value !== ''));
    const set = sets.get(labelKey(labels)) ?? { labels, times: new Set() };
    sets.set(labelKey(labels), set);
    for (const time of times) set.times.add(time);
  }
  return [...sets.values()];
}
