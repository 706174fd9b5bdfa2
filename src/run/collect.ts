import { matches, only } from '../core/labels.ts';
import { type Episode, readHistory } from '../observe/history.ts';
import { orNull } from '../observe/http.ts';
import type { Witnesses } from '../observe/observer.ts';
import type { Prometheus } from '../observe/prometheus.ts';
import type { Stretch } from '../plan/windows.ts';
import { sourcesOf } from '../rules/sources.ts';
import type { Builds } from './preflight.ts';
import { readBuilds } from './preflight.ts';
import type { Evidence } from './record.ts';
import { readSurroundings, type Surroundings } from './surroundings.ts';
import { effectOf } from './watch.ts';

/** Prometheus refuses a range query of more than 11,000 steps; this keeps well under it. */
const MOST_STEPS = 8000;

/** What is read from the stored samples once the run is over. */
export type Collected = Pick<Evidence, 'history' | 'held' | 'absent' | 'restarted'> & { after: Surroundings };

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
    held: await Promise.all(
      evidence.expect.map(async ({ alert, labels, because }) => {
        const effect = effectOf(evidence.steps, because);
        const rule = rules.alerts.find(({ name }) => name === alert);
        if (!effect || !rule) return null;
        return orNull(readHeld(prometheus, rule.expr, { ...labels }, effect.startedAt, endMs));
      }),
    ),
    absent: await Promise.all(
      evidence.expect.map(async ({ alert }) => {
        const rule = rules.alerts.find(({ name }) => name === alert);
        return rule
          ? orNull(readAbsent(prometheus, sourcesOf(rule.expr, rules.recordings), startMs, endMs))
          : null;
      }),
    ),
    restarted: await restarts(witnesses, before),
    after: await readSurroundings(witnesses),
  };
}

/**
 * When an alert's expression held on the stored samples: for `up == 0`, from the timestamp of the first bad scrape on,
 * to within one step of the query (the span over 8,000, at least 10 ms). Each series counts for itself.
 */
export async function readHeld(
  prometheus: Prometheus,
  expr: string,
  labels: Record<string, string>,
  startMs: number,
  endMs: number,
): Promise<Stretch[]> {
  const stepMs = Math.max(10, Math.ceil((endMs - startMs) / MOST_STEPS));
  const series = await prometheus.range(expr, startMs, endMs, stepMs);
  // A rule's own labels (severity) are not on its expression's series, so only the others can tell them apart.
  return series
    .filter(({ metric }) => matches(metric, only(labels, ...Object.keys(metric))))
    .flatMap(({ values }) =>
      stretchesOf(
        values.map(([seconds]) => Math.round(seconds * 1000)),
        stepMs,
      ),
    )
    .sort((a, b) => a.from - b.from);
}

function stretchesOf(times: readonly number[], stepMs: number): Stretch[] {
  const stretches: Stretch[] = [];
  for (const time of times) {
    const last = stretches.at(-1);
    if (last && time - last.to < 1.5 * stepMs) last.to = time;
    else stretches.push({ from: time, to: time });
  }
  return stretches;
}

/** Which selectors have no sample between two times. */
async function readAbsent(
  prometheus: Prometheus,
  sources: readonly string[],
  startMs: number,
  endMs: number,
): Promise<string[]> {
  const span = `[${Math.max(1, Math.ceil(endMs - startMs))}ms]`;
  const found = await Promise.all(
    sources.map((source) => prometheus.instant(`count(last_over_time(${source}${span}))`, endMs)),
  );
  return sources.filter((_, i) => found[i]!.length === 0);
}

async function restarts(witnesses: Witnesses, before: Builds): Promise<Collected['restarted']> {
  const after = await orNull(readBuilds(witnesses));
  if (!after) return [];
  const names = ['prometheus', 'alertmanager'] as const;
  return names.filter((name) => after[name].startedAt !== before[name].startedAt);
}
