import { labelKey } from '../core/labels.ts';
import type { Group, Prometheus, Series } from '../observe/prometheus.ts';
import { deepLookback } from '../rules/lookback.ts';
import { metricNames, namelessSelectors } from '../rules/selectors.ts';
import type { Evidence } from './record.ts';

/** The stored samples that a run's rules read, so that other rules can be tried on them later. */
export interface RawSamples {
  /** The span they were asked for, in milliseconds since the Unix epoch; a series may begin later. */
  fromMs: number;
  toMs: number;
  /** The metrics that were asked for, and the selectors that name none; one without series had none then. */
  asked: string[];
  /** Each rule group, with the time of one evaluation, from which all others follow by its interval. */
  groups: Group[];
  /** Each with its `__name__`; once, however many selectors see it. */
  series: Series[];
}

/**
 * How far back from the run samples are kept at most, in lab milliseconds: twice an hour, the longest window by which
 * anybody is woken. Windows of days would make a record of gigabytes; `replay/limits.ts` says of whom it is too little.
 */
const MOST_REACH_MS = 2 * 3_600_000;

/** Kept in any case: scrapes leave their timestamps in the one, evaluations in the other. */
const ALWAYS = ['up', 'ALERTS'];

/**
 * Reads the raw samples of every metric that the loaded rules read. What recording rules write is left out, as it
 * is computed again; label matchers are left out too, so that others can be tried. They reach back to before the
 * run by twice the furthest lookback, so that a window can be doubled, though by two hours at most, and by the longest
 * `for`, so that an alert that was pending as the run began has its beginning.
 * @throws Unreachable
 */
export async function readSamples(
  prometheus: Prometheus,
  { rules, cadence, speed }: Pick<Evidence, 'rules' | 'cadence' | 'speed'>,
  startMs: number,
  endMs: number,
): Promise<RawSamples> {
  const exprs = [...rules.alerts, ...rules.recordings].map(({ expr }) => expr);
  const recorded = rules.recordings.map(({ record }) => record);
  const names = new Set(
    [...ALWAYS, ...exprs.flatMap(metricNames)].filter((name) => !recorded.includes(name)),
  );
  const nameless = new Set(exprs.flatMap(namelessSelectors));
  const furthest = Math.max(0, ...exprs.map((expr) => deepLookback(expr, rules.recordings)));
  const reach = Math.min(2 * furthest, MOST_REACH_MS / speed);
  const longest = Math.max(0, ...rules.alerts.map(({ forMs }) => forMs));
  const fromMs = Math.floor(startMs - reach - longest - cadence.scrapeMs - 2 * cadence.evaluationMs);
  const toMs = Math.ceil(endMs);
  const series = new Map<string, Series>();
  for (const selector of [...[...names].sort().map(byName), ...nameless]) {
    for (const one of await prometheus.samples(selector, fromMs, toMs)) series.set(labelKey(one.metric), one);
  }
  const asked = [...names, ...nameless].sort();
  return { fromMs, toMs, asked, groups: await prometheus.groups(), series: [...series.values()] };
}

/** Also for a name that is no identifier. */
function byName(metric: string): string {
  return `{__name__=${JSON.stringify(metric)}}`;
}
