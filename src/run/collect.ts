import { matches, without } from '../core/labels.ts';
import { type Episode, readHistory } from '../observe/history.ts';
import type { Witnesses } from '../observe/observer.ts';
import type { Prometheus } from '../observe/prometheus.ts';
import type { Builds } from './preflight.ts';
import { readBuilds } from './preflight.ts';
import type { Evidence } from './record.ts';
import { orNull, readSurroundings, type Surroundings } from './surroundings.ts';
import { effectOf } from './watch.ts';

/** Prometheus refuses a range query of more than 11,000 steps; this keeps well under it. */
const MOST_STEPS = 8000;

/** What is read from the stored samples once the run is over. */
export type Collected = Pick<Evidence, 'history' | 'firstTrueAt' | 'restarted'> & { after: Surroundings };

/**
 * Reads the alerts' history and, for each expectation, when its condition first held. A witness that does not
 * answer leaves nulls behind, which the verdict reads as "cannot know".
 */
export async function collect(
  witnesses: Witnesses,
  evidence: Pick<Evidence, 'expect' | 'rules' | 'steps' | 'cadence'>,
  { startMs, endMs, before }: { startMs: number; endMs: number; before: Builds },
): Promise<Collected> {
  const { prometheus } = witnesses;
  const { rules, cadence } = evidence;
  const intervalOf = (alert: string) =>
    rules.alerts.find(({ name }) => name === alert)?.intervalMs ?? cadence.evaluationMs;
  return {
    history: await orNull<Episode[]>(readHistory(prometheus, startMs, endMs, intervalOf)),
    firstTrueAt: await Promise.all(
      evidence.expect.map(async ({ alert, labels, because }) => {
        const effect = effectOf(evidence.steps, because);
        const rule = rules.alerts.find(({ name }) => name === alert);
        if (!effect || !rule) return null;
        return orNull(firstTrue(prometheus, rule.expr, { ...labels }, effect.startedAt, endMs));
      }),
    ),
    restarted: await restarts(witnesses, before),
    after: await readSurroundings(witnesses),
  };
}

/**
 * When an alert's expression first held on the stored samples: for `up == 0`, the timestamp of the first bad
 * scrape, to within one step of the query (the span over 8,000, at least 10 ms).
 */
export async function firstTrue(
  prometheus: Prometheus,
  expr: string,
  labels: Record<string, string>,
  startMs: number,
  endMs: number,
): Promise<number | null> {
  const stepMs = Math.max(10, Math.ceil((endMs - startMs) / MOST_STEPS));
  const series = await prometheus.range(expr, startMs, endMs, stepMs);
  // A rule's own labels (severity) are not on its expression's series, so only the others can tell them apart.
  const times = series
    .filter(({ metric }) =>
      matches(metric, without(labels, ...Object.keys(labels).filter((name) => !(name in metric)))),
    )
    .map(({ values }) => values[0]![0] * 1000);
  return times.length > 0 ? Math.round(Math.min(...times)) : null;
}

async function restarts(witnesses: Witnesses, before: Builds): Promise<Collected['restarted']> {
  const after = await orNull(readBuilds(witnesses));
  if (!after) return [];
  const names = ['prometheus', 'alertmanager'] as const;
  return names.filter((name) => after[name].startedAt !== before[name].startedAt);
}
