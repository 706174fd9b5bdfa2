import type { RunRecord } from './record.ts';

/** How an alert came out in the newest run of a scenario. */
export type Seen = 'on-time' | 'late' | 'early' | 'missed' | 'unresolved' | 'inconclusive' | 'unexpected';

export interface Coverage {
  /** Scenarios that have been run, by name. */
  scenarios: string[];
  /** Every alert that any of those runs loaded, with what each scenario made of it. */
  alerts: { alert: string; seen: Record<string, Seen> }[];
  /** Rules no run has seen firing: nobody knows whether they work. */
  neverFired: string[];
  /** Scenarios with a step that nothing fired for: incidents no rule sees. */
  unseen: string[];
}

/** Of several outcomes of one alert in one run (several label sets), the worst is shown. */
const WORST_FIRST: Seen[] = [
  'missed',
  'unexpected',
  'early',
  'late',
  'unresolved',
  'inconclusive',
  'on-time',
];

/** Which alerts the newest run of each scenario has seen firing. */
export function coverageOf(records: readonly RunRecord[]): Coverage {
  const runs = newestOfEach(records, (record) => record);
  const names = new Set(runs.flatMap(({ rules }) => rules.alerts.map(({ name }) => name)));
  const fired = (record: RunRecord) =>
    (record.history ?? [])
      .filter(({ firedAt }) => firedAt && firedAt >= record.zeroAt)
      .map(({ alert }) => alert);
  const firedAnywhere = new Set(runs.flatMap(fired));
  return {
    scenarios: runs.map(({ scenario }) => scenario),
    alerts: [...names].sort().map((alert) => ({
      alert,
      seen: Object.fromEntries(runs.flatMap((record) => seenIn(record, alert))),
    })),
    neverFired: [...names].filter((name) => !firedAnywhere.has(name)).sort(),
    unseen: runs
      .filter((record) => record.steps.length > 0 && fired(record).length === 0)
      .map(({ scenario }) => scenario),
  };
}

/** The newest completed run of each scenario, by the scenarios' names. */
export function newestOfEach<T>(runs: readonly T[], recordOf: (run: T) => RunRecord): T[] {
  const newest = new Map<string, T>();
  for (const run of [...runs].sort((a, b) => (recordOf(a).startedAt < recordOf(b).startedAt ? -1 : 1)))
    if (recordOf(run).status === 'completed') newest.set(recordOf(run).scenario, run);
  return [...newest].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, run]) => run);
}

function seenIn({ scenario, expectations, unexpected }: RunRecord, alert: string): [string, Seen][] {
  const outcomes: Seen[] = expectations.filter((one) => one.alert === alert).map(({ outcome }) => outcome);
  if (unexpected.some((one) => one.alert === alert)) outcomes.push('unexpected');
  const worst = WORST_FIRST.find((outcome) => outcomes.includes(outcome));
  return worst ? [[scenario, worst]] : [];
}
