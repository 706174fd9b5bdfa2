import type { Position } from '../../core/errors.ts';
import { crossingOf, firingWindow } from '../../plan/windows.ts';
import { deepLookback } from '../../rules/lookback.ts';
import type { AlertRule, Cadence, RecordingRule } from '../../rules/rule.ts';
import type { LoadSpec, Scenario, Step } from '../../scenario/scenario.ts';
import { alertFor, alertsReading } from '../criteria/rules.ts';
import { watchOf } from '../criteria/slo.ts';
import { ALERTS } from '../seed.ts';
import type { Submission } from '../submission.ts';

export type IncidentId = 'api-outage' | 'high-load' | 'stores-outage';

/** What the lab's incidents are to raise, by what it is for. */
export type Watched =
  | 'InstanceDown'
  | 'probe'
  | 'HighActiveRequests'
  | 'HighLatencyP95'
  | 'postgres'
  | 'redis'
  | 'availability'
  | 'latency';

const lab = (name: string) => (submission: Submission) =>
  alertFor(ALERTS.find(({ alert }) => alert === name)!, submission);
/** Of several that see the same, the one that is there first. */
const reading = (metric: RegExp) => (submission: Submission) => {
  const { recordings } = submission.rules;
  const patience = ({ expr, forMs }: AlertRule) => forMs + deepLookback(expr, recordings);
  return alertsReading(metric, submission).sort((a, b) => patience(a) - patience(b))[0];
};

/** By which incident and step of it each is raised, and which alert of a stack it is. */
export const WATCHED: Readonly<
  Record<
    Watched,
    { incident: IncidentId; because: string; alertOf: (submission: Submission) => AlertRule | undefined }
  >
> = {
  InstanceDown: { incident: 'api-outage', because: 'api', alertOf: lab('InstanceDown') },
  probe: { incident: 'api-outage', because: 'api', alertOf: reading(/^probe_success$/) },
  availability: {
    incident: 'api-outage',
    because: 'api',
    alertOf: (submission) => watchOf('availability', submission).alert,
  },
  HighActiveRequests: { incident: 'high-load', because: 'rush', alertOf: lab('HighActiveRequests') },
  HighLatencyP95: { incident: 'high-load', because: 'rush', alertOf: lab('HighLatencyP95') },
  latency: {
    incident: 'high-load',
    because: 'rush',
    alertOf: (submission) => watchOf('latency', submission).alert,
  },
  postgres: { incident: 'stores-outage', because: 'postgres', alertOf: reading(/^pg_/) },
  redis: { incident: 'stores-outage', because: 'redis', alertOf: reading(/^redis_/) },
};

/** Lab milliseconds. An incident lasts as long as the slowest of its alerts may take, between these two. */
const MINUTE_MS = 60_000;
const SHORTEST_MS = 2 * MINUTE_MS;
export const LONGEST_MS = 15 * MINUTE_MS;
const SPARE_MS = 30_000;
/** How long a condition over a window may need to come true: these incidents are whole at once. */
const WITHIN_MS = MINUTE_MS;
const RAMP_MS = MINUTE_MS;
const BASELINE_MS = MINUTE_MS;

const CUSTOMERS = {
  requests: [
    { method: 'GET', url: '/api/products' },
    { method: 'POST', url: '/api/cart' },
    { method: 'POST', url: '/api/order' },
  ],
} satisfies Pick<LoadSpec, 'requests'>;

/** What customers do on any day. */
export const USUAL: LoadSpec = {
  model: 'closed',
  ...CUSTOMERS,
  stages: [{ to: 3, overMs: 0 }, { holdMs: Number.POSITIVE_INFINITY }],
};

/** More than 50 in flight for as long as it is held, most of it at the slow endpoint, which costs little processor. */
const rush = (holdMs: number): LoadSpec => ({
  model: 'closed',
  requests: ['/api/slow', '/api/products', '/api/slow', '/api/slow'].map((url) => ({ method: 'GET', url })),
  stages: [{ to: 80, overMs: RAMP_MS }, { holdMs }],
});

const TITLES: Record<IncidentId, string> = {
  'api-outage': 'The API stops',
  'high-load': 'More load than the API can bear',
  'stores-outage': 'The database and the cache stop',
};

/** What is stopped in each, and how its step is called; the load is no fault. */
export const STOPPED: Record<IncidentId, string[]> = {
  'api-outage': ['api'],
  'high-load': [],
  'stores-outage': ['postgres', 'redis'],
};

const NOWHERE: Position = { file: 'chaos grade', line: 1, column: 1 };

/**
 * The scenario of an incident for one stack: its own alerts are expected within their own `for:`, every other is none of
 * its business. Undefined where the stack has no alert that it could raise.
 * @param live the rules as its Prometheus runs them, and its cadence: wall milliseconds
 * @param idle alerts that cannot be waited for, as they fire already
 */
export function scenarioOf(
  id: IncidentId,
  submission: Submission,
  { rules, cadence, speed }: { rules: LiveRules; cadence: Cadence; speed: number },
  idle: ReadonlySet<string>,
): { scenario: Scenario; expected: { watched: Watched; alert: string; because: string }[] } | undefined {
  const expected = (Object.keys(WATCHED) as Watched[]).flatMap((watched) => {
    const { incident, because, alertOf } = WATCHED[watched];
    const rule =
      incident === id ? alertOf({ ...submission, rules: { ...submission.rules, ...rules } }) : undefined;
    return rule && !idle.has(rule.name) ? [{ watched, rule, because }] : [];
  });
  if (expected.length === 0) return undefined;
  const withins = expected.map(({ rule }) =>
    deepLookback(rule.expr, rules.recordings) > 0 ? { withinMs: WITHIN_MS } : {},
  );
  const needed = expected.map(({ rule }, i) => {
    const crossing = crossingOf(rule, rules.recordings, withins[i]!.withinMs, speed);
    return speed * firingWindow(rule, AT_ONCE, cadence, crossing, rules.recordings).deadline;
  });
  const lasts = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, ...needed) + SPARE_MS);
  const names = new Set(expected.map(({ rule }) => rule.name));
  return {
    expected: expected.map(({ watched, rule, because }) => ({ watched, alert: rule.name, because })),
    scenario: {
      file: id,
      name: `grade-${id}`,
      title: TITLES[id],
      about: '',
      traffic: USUAL,
      baselineMs: BASELINE_MS,
      timeline: stepsOf(id, Math.ceil(lasts)),
      expect: expected.map(({ rule, because }, i) => ({
        alert: rule.name,
        labels: {},
        because,
        ...withins[i],
        weight: 1,
        resolves: false,
        at: NOWHERE,
      })),
      tolerate: [...new Set(rules.alerts.map(({ name }) => name))]
        .filter((name) => !names.has(name))
        .map((alert) => ({ alert, labels: {} })),
      watchMs: 0,
      stopWhen: [],
      pass: 0,
    },
  };
}

const AT_ONCE = { startedAt: 0, fullAt: 0 };

interface LiveRules {
  alerts: AlertRule[];
  recordings: RecordingRule[];
}

function stepsOf(id: IncidentId, lastsMs: number): Step[] {
  const base = { atMs: 0, at: NOWHERE };
  if (id === 'high-load') return [{ kind: 'load', id: 'rush', load: rush(lastsMs), ...base }];
  return STOPPED[id].map((target) => ({
    kind: 'fault',
    id: target,
    type: 'container-stop',
    fields: { target },
    forMs: lastsMs,
    ...base,
  }));
}
