import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import axios from 'axios';
import { baseUrl } from '../../src/core/lab.ts';
import { lab } from './lab.ts';

const http = axios.create({ proxy: false, timeout: 10_000 });

/** Two rules that are quick to fire, in the lab's wall time: the lab's own would take minutes for what is asked here. */
export const RULES = `groups:
  - name: sabotage
    rules:
      - alert: ApiGone
        expr: up{job="api"} == 0
        for: 9s
        labels: { severity: critical }
      - alert: CartsSlow
        expr: |
          1 - sum(rate(http_request_duration_seconds_bucket{le="0.3"}[6s]))
            / sum(rate(http_request_duration_seconds_count[6s])) > 0.5
        for: 3s
`;

const FILES = {
  rules: 'prometheus/rules/sabotage.yml',
  prometheus: 'prometheus/prometheus.yml',
  alertmanager: 'alertmanager/alertmanager.yml',
} as const;

/** How a configuration is changed, by what stands in it. */
export type Sabotage = Partial<Record<keyof typeof FILES, (text: string) => string>>;

/** One replacement, which must find its place. */
export function instead(from: string | RegExp, to: string): (text: string) => string {
  return (text) => {
    const changed = text.replace(from, to);
    if (changed === text) throw new Error(`nothing to replace: ${from}`);
    return changed;
  };
}

/** Carries out `act` on the lab with its configuration changed, and puts back what was. */
export async function sabotaged<T>(change: Sabotage, act: () => Promise<T>): Promise<T> {
  const path = (of: keyof typeof FILES) => join(lab().dir, FILES[of]);
  const before = {
    prometheus: readFileSync(path('prometheus'), 'utf8'),
    alertmanager: readFileSync(path('alertmanager'), 'utf8'),
  };
  try {
    for (const [of, text] of Object.entries({ ...before, rules: RULES }) as [keyof typeof FILES, string][])
      writeFileSync(path(of), (change[of] ?? ((same: string) => same))(text));
    await reload();
    return await act();
  } finally {
    writeFileSync(path('prometheus'), before.prometheus);
    writeFileSync(path('alertmanager'), before.alertmanager);
    rmSync(path('rules'), { force: true });
    await reload();
  }
}

async function reload(): Promise<void> {
  await http.post(`${baseUrl(lab(), 'PROMETHEUS_PORT')}/-/reload`);
  await http.post(`${baseUrl(lab(), 'ALERTMANAGER_PORT')}/-/reload`);
  // Every target is scraped anew, and every group evaluated.
  await pause(3500);
}

/** Posts to Alertmanager's API, and returns its answer. */
export async function postToAlertmanager(path: 'alerts' | 'silences', body: unknown): Promise<unknown> {
  return (await http.post(`${baseUrl(lab(), 'ALERTMANAGER_PORT')}/api/v2/${path}`, body)).data;
}

export async function deleteSilence(id: string): Promise<void> {
  await http.delete(`${baseUrl(lab(), 'ALERTMANAGER_PORT')}/api/v2/silence/${id}`);
}

/** What every outage of the API raises besides, and what the last one has left behind. */
const TOLERATED = [
  'InstanceDown',
  'ProbeFailed',
  'SLOAvailabilityBreach',
  'SLOErrorRateBreach',
  'SLOLatencyBreach',
  'HighErrorRate',
  'HighLatencyP95',
  'OrderFailureRate',
];

/** A scenario file: the API is stopped, or made slow, and one of the two rules is expected. */
export function scenarioOf(alert: 'ApiGone' | 'CartsSlow', lasts = '2m15s'): string {
  const fault =
    alert === 'ApiGone'
      ? `{ type: container-stop, target: api, for: ${lasts} }`
      : '{ type: app-failure, added_latency_seconds: 1, endpoints: [/api/products], for: 2m30s }';
  const file = join(mkdtempSync(join(tmpdir(), 'chaos-')), 'sabotage.yaml');
  const traffic = `traffic:
  connections: 2
  requests:
    - url: /api/products
`;
  writeFileSync(
    file,
    `name: sabotage
title: An incident on a lab that somebody has tampered with
${alert === 'CartsSlow' ? traffic : ''}baseline: 30s
timeline:
  - id: incident
    at: 0s
    fault: ${fault}
expect:
  - alert: ${alert}
    labels: ${alert === 'ApiGone' ? '{ severity: critical }' : '{}'}
    resolves: false
tolerate:
${TOLERATED.map((name) => `  - { alert: ${name} }\n`).join('')}`,
  );
  return file;
}
