import { join } from 'node:path';
import { iso } from '../src/core/clock.ts';
import { type Labels, without } from '../src/core/labels.ts';
import { STACK_DIR } from '../src/core/paths.ts';
import type { LoadResult } from '../src/load/load.ts';
import { Tally } from '../src/load/tally.ts';
import { type Episode, episodesOf } from '../src/observe/history.ts';
import type { Observations, Transition } from '../src/observe/observer.ts';
import type { Series } from '../src/observe/prometheus.ts';
import { readRuleFiles } from '../src/rules/rule-files.ts';
import { type Evidence, SCHEMA_VERSION } from '../src/run/record.ts';
import type { Ran } from '../src/run/runner.ts';
import type { Surroundings } from '../src/run/surroundings.ts';

// A long run as the runner would have left it, without the two hours: every tenth minute something dies, and every
// alert of it fires on ten instances. More of everything than the lab has: it has 170 series and one load.

const RUN_MS = 2 * 3_600_000;
const EVERY_MS = 15_000;
const INCIDENT_EVERY_MS = 600_000;
const INCIDENT_MS = 180_000;
const FOR_MS = 60_000;
const ALERTS = ['InstanceDown', 'ProbeFailed', 'HighErrorRate', 'SLOAvailabilityBreach', 'HighLatencyP95'];
const INSTANCES = 10;
const EXPECTED = 2;
const ENDPOINTS = 60;
const BUCKETS = 20;
/** Requests a second of each load. */
const LOADS = { traffic: 25, rush: 200, checkout: 50 };
const START_MS = Date.parse('2026-01-01T12:00:00Z');

const incidents = Array.from({ length: RUN_MS / INCIDENT_EVERY_MS }, (_, index) => {
  const from = START_MS + index * INCIDENT_EVERY_MS + 60_000;
  return { id: `outage-${index}`, from, to: from + INCIDENT_MS };
});
/** The same numbers each time. */
const random = (() => {
  let state = 42;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
})();

/** Two hours at lab speed 1: evidence and raw samples, before a verdict is given on them. */
export function longRun(): Ran & { samples: NonNullable<Ran['samples']> } {
  const { alerts, recordings } = readRuleFiles(join(STACK_DIR, 'prometheus/rules'));
  const endMs = START_MS + RUN_MS;
  const alertSeries = alertsOf();
  const history = episodesOf(alertSeries, [], endMs, () => EVERY_MS);
  const series = [...alertSeries, ...metrics()];
  const evidence: Evidence = {
    schemaVersion: SCHEMA_VERSION,
    scenario: 'long-run',
    title: 'Two hours',
    lab: 'bench',
    speed: 1,
    startedAt: iso(START_MS),
    zeroAt: iso(START_MS + 30_000),
    endedAt: iso(endMs),
    status: 'completed',
    statusReason: null,
    pass: 70,
    expect: incidents.flatMap(({ id }) =>
      ALERTS.slice(0, EXPECTED).map((alert) => ({
        alert,
        labels: { incident: id },
        because: id,
        weight: 1,
        resolves: true,
      })),
    ),
    tolerate: ALERTS.slice(EXPECTED).map((alert) => ({ alert, labels: {}, because: 'it follows' })),
    cadence: { scrapeMs: EVERY_MS, scrapeTimeoutMs: 10_000, evaluationMs: EVERY_MS },
    rules: { alerts, recordings },
    steps: incidents.map(({ id, from, to }) => ({
      id,
      kind: 'fault',
      requestedAt: from - 200,
      startedAt: from - 100,
      fullAt: from,
      goneAt: to,
      error: null,
    })),
    faults: incidents.map(({ id, from, to }) => ({
      id,
      type: 'container-stop',
      target: 'api',
      requestedAt: iso(from - 200),
      effectiveAt: iso(from),
      undoneAt: iso(to),
      restored: true,
    })),
    load: Object.entries(LOADS).map(([name, rate]) => load(name, rate)),
    history,
    held: incidents.flatMap(({ from, to }) => ALERTS.slice(0, EXPECTED).map(() => [{ from, to }])),
    absent: incidents.flatMap(() => ALERTS.slice(0, EXPECTED).map(() => [])),
    observations: seenOf(history),
    restarted: [],
    surroundings: { before: SURROUNDINGS, after: SURROUNDINGS },
    inbox: true,
    versions: { chaos: '0', node: process.version, prometheus: '2.42.0', alertmanager: '0.25.0' },
  };
  const asked = [...new Set(series.map(({ metric }) => metric.__name__!))].sort();
  return { evidence, samples: { fromMs: START_MS, toMs: endMs, asked, groups: [], series } };
}

const SURROUNDINGS: Surroundings = {
  rulesHash: null,
  phases: null,
  silences: [],
  routing: null,
  skewMs: { prometheus: 0, alertmanager: 0 },
};

/** ALERTS as it would be stored: pending, then firing, at every evaluation of an incident. */
function alertsOf(): Series[] {
  return incidents.flatMap(({ id, from, to }) =>
    ALERTS.flatMap((alertname) =>
      Array.from({ length: INSTANCES }, (_, index) => {
        const labels = {
          __name__: 'ALERTS',
          alertname,
          incident: id,
          instance: `10.0.0.${index}:5000`,
          job: 'api',
          severity: 'critical',
        };
        const times = Array.from({ length: (to - from) / EVERY_MS }, (_, step) => from + step * EVERY_MS);
        const values = (some: number[]) => some.map((at): [number, string] => [at / 1000, '1']);
        return [
          {
            metric: { ...labels, alertstate: 'pending' },
            values: values(times.filter((at) => at < from + FOR_MS)),
          },
          {
            metric: { ...labels, alertstate: 'firing' },
            values: values(times.filter((at) => at >= from + FOR_MS)),
          },
        ];
      }).flat(),
    ),
  );
}

/** Counters and buckets of many endpoints, all of them moving, with scrapes that are a few milliseconds off the beat. */
function metrics(): Series[] {
  return Array.from({ length: ENDPOINTS }, (_, endpoint) =>
    Array.from({ length: BUCKETS }, (_, bucket): Series => {
      let count = 0;
      return {
        metric: {
          __name__: 'http_request_duration_seconds_bucket',
          endpoint: `/api/${endpoint}`,
          instance: 'api:5000',
          job: 'api',
          le: String(2 ** bucket / 1000),
        },
        values: Array.from({ length: RUN_MS / EVERY_MS }, (_, step) => {
          const late = random() < 0.1 ? Math.floor(random() * 8) : 0;
          count += Math.floor(random() * 40 * (bucket + 1));
          return [(START_MS + step * EVERY_MS + late) / 1000, String(count)];
        }),
      };
    }),
  ).flat();
}

function load(name: string, rate: number): LoadResult {
  let elapsedMs = 0;
  const tally = new Tally(() => elapsedMs);
  for (; elapsedMs < RUN_MS; elapsedMs += 1000) {
    for (let request = 0; request < rate; request++) {
      tally.sending();
      // Between 10 ms and 10 s, most of them short.
      tally.answered(random() < 0.01 ? 500 : 200, 10 * 1000 ** (random() * random()));
    }
  }
  const { sent, completed, ...rest } = tally.end();
  return {
    name,
    model: 'open',
    startedAt: START_MS,
    fullAt: START_MS,
    endedAt: START_MS + RUN_MS,
    peak: rate,
    intended: sent,
    delivered: sent,
    sent,
    completed,
    achievedRate: rate,
    generator: { cpuMs: 1, cores: 0.1, lagMs: { p99: 1, max: 2 } },
    error: null,
    ...rest,
  };
}

/** What the polls and the inbox would have shown of it. */
function seenOf(history: readonly Episode[]): Observations {
  const observations: Observations = { transitions: [], notifications: [], gaps: [] };
  for (const { alert, labels: stored, activeAt, firedAt, resolvedAt } of history) {
    const labels: Labels = without(stored, 'alertstate');
    const startsAt = iso(firedAt!);
    const show = (at: number, witness: Transition['witness'], state: Transition['state'], more = {}) =>
      observations.transitions.push({ at: at + 150, witness, alert, labels, state, ...more });
    show(activeAt, 'prometheus', 'pending');
    show(firedAt!, 'prometheus', 'firing');
    show(firedAt!, 'alertmanager', 'active', { startsAt, arrivedAt: iso(firedAt! + 5) });
    show(resolvedAt!, 'prometheus', 'gone');
    show(resolvedAt!, 'alertmanager', 'gone');
    for (const [status, at] of [
      ['firing', firedAt!],
      ['resolved', resolvedAt!],
    ] as const)
      observations.notifications.push({
        labels: { ...labels, alertname: alert, environment: 'lab' },
        status,
        receivedAt: iso(at + 50),
        startsAt,
      });
  }
  observations.transitions.sort((a, b) => a.at - b.at);
  return observations;
}
