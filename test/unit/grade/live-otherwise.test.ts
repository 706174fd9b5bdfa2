import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { SeenAlertmanager, Sighting } from '../../../src/grade/live/sighting.ts';
import { lostIn } from '../../support/grade.ts';
import { seenAs } from '../../support/sighting.ts';

/** Something that is otherwise than it was, the criteria that it costs points in, and what says so. */
type Other = [what: string, change: Parameters<typeof seenAs>[0], criteria: string[], finding: string];
const manager = (sighting: Sighting) => sighting.alertmanager as SeenAlertmanager;
const incident = (sighting: Sighting, alert: string) =>
  sighting.incidents.flatMap(({ record }) => record?.expectations ?? []).find((one) => one.alert === alert)!;

const OTHERS: Other[] = [
  [
    'a container that has stopped',
    ({ containers }) => {
      containers.find(({ service }) => service === 'redis-exporter')!.running = false;
    },
    ['stack'],
    'stopped-service',
  ],
  [
    'a service that nobody started',
    (sighting) => {
      sighting.containers = sighting.containers.filter(({ service }) => service !== 'nginx-exporter');
    },
    ['stack'],
    'unstarted-service',
  ],
  [
    'a health check that fails',
    ({ containers }) => {
      containers.find(({ service }) => service === 'api')!.health = 'unhealthy';
    },
    ['stack'],
    'unhealthy',
  ],
  [
    'a shop that answers 502',
    ({ pages }) => {
      pages[1]!.answer = 502;
    },
    ['stack'],
    'page-fails',
  ],
  [
    'a target that is down',
    ({ prometheus }) => {
      prometheus.targets[1]!.up = false;
    },
    ['metrics'],
    'target-down',
  ],
  [
    'a metric of the application that nobody sees',
    ({ prometheus }) => {
      (prometheus.answers as Map<string, object>).set('count(orders_total)', { values: [] });
    },
    ['metrics'],
    'absent-metric',
  ],
  [
    'an exporter that cannot get in',
    ({ prometheus }) => {
      (prometheus.answers as Map<string, object>).set('min(pg_up)', { values: [0] });
    },
    ['metrics'],
    'blind-exporter',
  ],
  [
    'a rule that was never loaded',
    ({ prometheus }) => {
      prometheus.rules.alerts = prometheus.rules.alerts.filter(({ name }) => name !== 'HighMemory');
    },
    ['rules'],
    'not-loaded',
  ],
  [
    'a rule that Prometheus cannot evaluate',
    ({ prometheus }) => {
      prometheus.failing.push({ name: 'HighErrorRate', why: 'many-to-many matching not allowed' });
    },
    ['rules'],
    'rule-fails',
  ],
  [
    'a bucket that is not exposed',
    ({ prometheus }) => {
      const series = prometheus.series.series as Map<string, { le?: string }[]>;
      const buckets = series.get('http_request_duration_seconds_bucket')!;
      series.set(
        'http_request_duration_seconds_bucket',
        buckets.filter(({ le }) => Number(le) !== 0.3),
      );
    },
    ['rules'],
    'no-series',
  ],
  [
    'an alert that did not fire',
    (sighting) => {
      Object.assign(incident(sighting, 'InstanceDown'), { outcome: 'missed', firedAt: null });
    },
    ['rules'],
    'not-fired',
  ],
  [
    'an alert that fired late',
    (sighting) => {
      Object.assign(incident(sighting, 'RedisDown'), { outcome: 'late' });
    },
    ['rules'],
    'fired-late',
  ],
  [
    'an incident that could not be carried out',
    (sighting) => {
      Object.assign(sighting.incidents[2]!, { record: null, why: 'postgres is not running' });
    },
    ['rules'],
    'no-incident',
  ],
  [
    'an incident that could not begin, as nothing came to rest',
    (sighting) => {
      Object.assign(sighting.incidents[2]!, { record: null, why: 'No quiet baseline', unquiet: true });
    },
    ['rules'],
    'undecided',
  ],
  [
    'an alert that fires with nothing broken',
    ({ prometheus }) => {
      prometheus.resting.push({ alert: 'OrderFailureRate', labels: {} });
    },
    ['rules'],
    'fires-at-rest',
  ],
  [
    'an alert that fires with nothing broken on a machine that is too busy',
    ({ prometheus }) => {
      prometheus.busy = true;
      prometheus.resting.push({ alert: 'HighLatencyP95', labels: {} });
    },
    ['rules'],
    'busy-machine',
  ],
  [
    'an alert that somebody posted',
    ({ incidents }) => {
      incidents[0]!.record!.forged.push({ alert: 'InstanceDown', labels: {}, seenAt: '', startsAt: null });
    },
    ['rules'],
    'forged-alert',
  ],
  [
    'a silence',
    (sighting) => {
      const matchers = [{ name: 'alertname', value: '.*', isRegex: true, isEqual: true }];
      const silence = { id: '1', matchers, startsAt: '', endsAt: '', createdBy: 'somebody', comment: '' };
      manager(sighting).silences.push({ ...silence, status: { state: 'active' } });
    },
    ['rules'],
    'silenced',
  ],
  [
    'notifications that nobody took',
    (sighting) => {
      Object.assign(manager(sighting), { sent: 7, failed: 7 });
    },
    ['rules'],
    'not-notified',
  ],
  [
    'an Alertmanager that does not answer',
    (sighting) => {
      Object.assign(sighting, { alertmanager: 'connect ECONNREFUSED' });
    },
    ['rules'],
    'alertmanager-silent',
  ],
  [
    'an SLI without a value',
    ({ prometheus }) => {
      (prometheus.answers as Map<string, object>).set('sli:latency:ratio_rate5m', { values: [] });
    },
    ['slo'],
    'empty-sli',
  ],
  [
    'an objective whose break nobody noticed',
    (sighting) => {
      Object.assign(incident(sighting, 'SLOLatencyBreach'), { outcome: 'missed', firedAt: null });
    },
    ['slo'],
    'not-fired',
  ],
];

for (const [what, change, criteria, finding] of OTHERS) {
  test(`seen: ${what}, which costs in ${criteria.join(', ')} alone`, () => {
    const grade = seenAs(change);
    assert.deepEqual(lostIn(grade), criteria, JSON.stringify(grade.findings));
    assert.ok(
      grade.findings.some(({ id }) => id === finding),
      JSON.stringify(grade.findings),
    );
    assert.ok(grade.score < 100 && grade.score > 90, String(grade.score));
  });
}
