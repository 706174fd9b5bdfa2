import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import axios from 'axios';
import Table from 'cli-table3';
import { baseUrl, type Lab } from '../src/core/lab.ts';
import { labelKey, matches } from '../src/core/labels.ts';
import type { RunRecord } from '../src/report/record.ts';
import { regrade, textOf } from '../src/report/regrade.ts';
import { startChaos } from '../test/support/lab.ts';
import { median, PLAIN, round } from './tools.ts';

/** What Alertmanager's own API showed, asked without any of our code: an alert, when it was first there. */
type Shown = Map<string, { labels: Record<string, string>; at: number }>;

interface Count {
  scenario: string;
  runs: number;
  passed: number;
  inconclusive: number;
  notReady: number;
  alerts: number;
  inWindow: number;
  onTime: number;
  worstApartMs: number;
  lagsMs: number[];
  regraded: number;
}

/**
 * Runs scenarios again and again, and holds every record against Prometheus and Alertmanager,
 * asked here directly: the first sample of ALERTS that fires, and when Alertmanager first showed the alert.
 */
export async function verdicts(
  lab: Lab,
  runs: number,
  scenarios: readonly string[] = ['api-outage', 'payment-failures'],
): Promise<string> {
  const counts: Count[] = [];
  for (const scenario of scenarios) {
    const count: Count = {
      scenario,
      runs,
      passed: 0,
      inconclusive: 0,
      notReady: 0,
      alerts: 0,
      inWindow: 0,
      onTime: 0,
      worstApartMs: 0,
      lagsMs: [],
      regraded: 0,
    };
    for (let run = 1; run <= runs; run++) {
      await one(lab, scenario, count);
      process.stderr.write(
        `${scenario} ${run} of ${runs}: ${count.passed} passed, ${count.inWindow} of ${count.alerts} alerts in their window, ${count.onTime} on time\n`,
      );
    }
    counts.push(count);
  }
  const table = new Table({
    head: [
      'scenario',
      'runs',
      'passed',
      'inconclusive',
      'not ready',
      'alerts',
      'in window',
      'on time',
      'apart, ms',
      'lag, ms',
      'regraded',
    ],
    style: PLAIN,
  });
  for (const one of counts)
    table.push([
      one.scenario,
      one.runs,
      one.passed,
      one.inconclusive,
      one.notReady,
      one.alerts,
      one.inWindow,
      one.onTime,
      round(one.worstApartMs),
      round(median(one.lagsMs)),
      one.regraded,
    ]);
  return `Verdicts at ${lab.speed}x against ALERTS and Alertmanager, asked directly\n${table}`;
}

async function one(lab: Lab, scenario: string, count: Count): Promise<void> {
  const reports = mkdtempSync(join(tmpdir(), 'chaos-bench-'));
  const shown: Shown = new Map();
  const done = new AbortController();
  const polling = poll(lab, shown, done.signal);
  const { code, stdout, stderr } = await startChaos(
    'run',
    scenario,
    '--name',
    lab.name,
    '--json',
    '--reports',
    reports,
  ).ended;
  done.abort();
  await polling;
  if (code === 3) {
    count.notReady++;
    process.stderr.write(stderr);
    return;
  }
  const record = JSON.parse(stdout) as RunRecord;
  if (record.verdict === 'pass') count.passed++;
  else process.stderr.write(`${record.verdict}: ${record.because}\n${stderr}\n`);
  if (record.verdict === 'inconclusive') count.inconclusive++;
  const file = /^Record: (.*)$/m.exec(stderr)?.[1] ?? '';
  if (textOf(regrade(record)) === readFileSync(file, 'utf8')) count.regraded++;

  for (const { alert, labels, outcome, earliest, deadline, firedAt } of record.expectations) {
    const fired = await firstFiring(lab, alert, labels, record);
    if (fired === undefined) continue;
    count.alerts++;
    if (fired >= Date.parse(earliest!) && fired <= Date.parse(deadline!)) {
      count.inWindow++;
      if (outcome === 'on-time') count.onTime++;
      else process.stderr.write(`${alert}: in its window, and ${outcome}\n`);
    } else
      process.stderr.write(`${alert}: fired at ${fired}, window ${earliest} to ${deadline}, ${outcome}\n`);
    count.worstApartMs = Math.max(count.worstApartMs, Math.abs(fired - Date.parse(firedAt ?? '')));
    const first = [...shown.values()].find(
      (one) => matches(one.labels, { ...labels, alertname: alert }) && one.at >= fired - 1000,
    );
    const event = record.observations.transitions.find(
      (one) =>
        one.witness === 'alertmanager' &&
        one.state !== 'gone' &&
        one.alert === alert &&
        matches(one.labels, labels) &&
        Date.parse(one.at) >= fired,
    );
    if (first && event) count.lagsMs.push(Date.parse(event.at) - first.at);
  }
}

/** The first stored sample of a firing ALERTS series in the run, in milliseconds since the Unix epoch. */
async function firstFiring(
  lab: Lab,
  alert: string,
  labels: Record<string, string>,
  { zeroAt, endedAt }: RunRecord,
): Promise<number | undefined> {
  const matchers = Object.entries({ ...labels, alertname: alert, alertstate: 'firing' });
  const selector = `ALERTS{${matchers.map(([name, value]) => `${name}=${JSON.stringify(value)}`).join(',')}}`;
  const seconds = Math.ceil((Date.parse(endedAt) - Date.parse(zeroAt)) / 1000);
  const { data } = await axios.get(`${baseUrl(lab, 'PROMETHEUS_PORT')}/api/v1/query`, {
    proxy: false,
    params: { query: `${selector}[${seconds}s]`, time: Date.parse(endedAt) / 1000 },
  });
  const times = (data.data.result as { values: [number, string][] }[]).map(
    ({ values }) => values[0]![0] * 1000,
  );
  return times.length > 0 ? Math.round(Math.min(...times)) : undefined;
}

async function poll(lab: Lab, shown: Shown, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const answer = await axios
      .get(`${baseUrl(lab, 'ALERTMANAGER_PORT')}/api/v2/alerts`, { proxy: false, timeout: 2000 })
      .catch(() => undefined);
    const at = Date.now();
    for (const { labels, startsAt } of (answer?.data ?? []) as {
      labels: Record<string, string>;
      startsAt: string;
    }[]) {
      const key = `${labelKey(labels)} ${startsAt}`;
      if (!shown.has(key)) shown.set(key, { labels, at });
    }
    await pause(50);
  }
}
