import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Gauge, type OpenMetricsContentType, Registry } from 'prom-client';
import { type Lab, metricsDir } from '../core/lab.ts';
import { alertName } from '../core/labels.ts';
import { visible } from '../core/visible.ts';
import { writeText } from './pages.ts';
import type { RunRecord } from './record.ts';

/**
 * Runs as OpenMetrics: score, verdict, duration, and of every expected alert its outcome and its delays. Of several runs
 * of one scenario the newest counts. Only gauges and no timestamps, so that the text format's readers, among them
 * node-exporter's textfile collector, take it as well. Durations are wall seconds.
 */
export async function openMetrics(records: readonly RunRecord[]): Promise<string> {
  const registry = new Registry<OpenMetricsContentType>();
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge({ name, help, labelNames, registers: [registry] });
  const score = gauge('chaos_run_score', 'Score of the last run, 0 to 100', 'scenario');
  const verdict = gauge('chaos_run_verdict', '1 for the verdict of the last run', 'scenario', 'verdict');
  const ended = gauge('chaos_run_ended_timestamp_seconds', 'When the last run ended', 'scenario');
  const duration = gauge('chaos_run_duration_seconds', 'How long the last run took', 'scenario');
  const unexpected = gauge(
    'chaos_run_unexpected_alerts',
    'Alerts that fired and nobody asked for',
    'scenario',
  );
  const of = ['scenario', 'alert', 'match'] as const;
  const outcome = gauge(
    'chaos_alert_outcome',
    '1 for what came of an expected alert in the last run',
    ...of,
    'outcome',
  );
  const delay = gauge(
    'chaos_alert_delay_seconds',
    'One stretch of an alert’s way from its cause to a person in the last run; resolved counts from the end of the cause',
    ...of,
    'stretch',
  );
  for (const record of newest(records)) {
    const { scenario } = record;
    if (record.score !== null) score.set({ scenario }, record.score);
    verdict.set({ scenario, verdict: record.verdict }, 1);
    ended.set({ scenario }, Date.parse(record.endedAt) / 1000);
    duration.set({ scenario }, (Date.parse(record.endedAt) - Date.parse(record.startedAt)) / 1000);
    unexpected.set({ scenario }, record.unexpected.length);
    for (const expected of record.expectations) {
      const labels = { scenario, alert: visible(expected.alert), match: alertName('', expected.labels) };
      outcome.set({ ...labels, outcome: expected.outcome }, 1);
      for (const { name, ms } of expected.delays) delay.set({ ...labels, stretch: name }, ms / 1000);
    }
  }
  return await registry.metrics();
}

/** Lets the lab's Prometheus scrape a run, in place of an earlier one of the same scenario. @returns the file */
export async function exposeRun(lab: Lab, record: RunRecord): Promise<string> {
  // A lab from before there was this folder has none; nobody reads it there until `chaos up` is run again.
  await mkdir(metricsDir(lab), { recursive: true });
  return await writeText(join(metricsDir(lab), `${record.scenario}.prom`), await openMetrics([record]));
}

function newest(records: readonly RunRecord[]): RunRecord[] {
  const byScenario = new Map<string, RunRecord>();
  for (const record of records) {
    const known = byScenario.get(record.scenario);
    if (!known || record.startedAt > known.startedAt) byScenario.set(record.scenario, record);
  }
  return [...byScenario.values()];
}
