import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import axios from 'axios';
import { baseUrl } from '../../src/core/lab.ts';
import { docker, LAB, lab } from './lab.ts';

const http = axios.create({ proxy: false, timeout: 10_000 });

/**
 * The only rules of a lab that is tampered with, in wall time: under the names of the lab's own, and quicker to fire,
 * so that nothing is left of one incident when the next begins.
 */
export const RULES = `groups:
  - name: sabotage
    rules:
      - alert: InstanceDown
        expr: up{job="api"} == 0
        for: 9s
        labels: { severity: critical }
      - alert: SLOLatencyBreach
        expr: |
          1 - sum(rate(http_request_duration_seconds_bucket{le="0.3"}[6s]))
            / sum(rate(http_request_duration_seconds_count[6s])) > 0.5
        for: 3s
      - alert: ProbeFailed
        expr: up{job="api"} == 0
`;

const DOWN = `- { alert: InstanceDown, expr: 'up{job="api"} == 0', for: 9s, labels: { severity: critical } }`;
/** Each is what InstanceDown is but for one thing that was tampered with, under a name that a lab's rules have. */
export const TAMPERED = {
  longerFor: { name: 'HighErrorRate', change: (rule: string) => rule.replace('9s', '24s') },
  neverTrue: { name: 'HighLatencyP95', change: (rule: string) => rule.replace('== 0', '< -1') },
  otherLabel: { name: 'RedisDown', change: (rule: string) => rule.replace('severity:', 'level:') },
  untold: { name: 'PostgresDown', change: (rule: string) => rule },
  inhibited: { name: 'OrderFailureRate', change: (rule: string) => rule },
  silenced: { name: 'HighActiveRequests', change: (rule: string) => rule },
};
/** What becomes of two of them in Alertmanager, in place of the line that begins its receivers. */
export const ROUTES = `
  routes:
    - { matchers: [alertname="${TAMPERED.untold.name}"], receiver: nobody }
inhibit_rules:
  - source_matchers: [alertname="ProbeFailed"]
    target_matchers: [alertname="${TAMPERED.inhibited.name}"]
    equal: [job]
receivers:
  - name: nobody`;

/** Their rules, to stand behind the others. */
export const tamperedRules = (): string =>
  Object.values(TAMPERED)
    .map(({ name, change }) => `      ${change(DOWN.replace('InstanceDown', name))}\n`)
    .join('');

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
  const rulesDir = dirname(path('rules'));
  const own = readdirSync(rulesDir).map((name) => join(rulesDir, name));
  const texts = [path('prometheus'), path('alertmanager'), ...own].map(
    (file) => [file, readFileSync(file, 'utf8')] as const,
  );
  const before = { prometheus: texts[0]![1], alertmanager: texts[1]![1] };
  try {
    for (const file of own) rmSync(file);
    for (const [of, text] of Object.entries({ ...before, rules: RULES }) as [keyof typeof FILES, string][])
      writeFileSync(path(of), (change[of] ?? ((same: string) => same))(text));
    await reload();
    return await act();
  } finally {
    rmSync(path('rules'), { force: true });
    for (const [file, text] of texts) writeFileSync(file, text);
    await reload(0);
  }
}

/** @param settleMs by when every target is scraped anew, and every group evaluated */
async function reload(settleMs = 3500): Promise<void> {
  await docker('kill', '--signal', 'HUP', `${LAB}-prometheus`);
  await http.post(`${baseUrl(lab(), 'ALERTMANAGER_PORT')}/-/reload`);
  await pause(settleMs);
}

/** Posts to Alertmanager's API, and returns its answer. */
export async function postToAlertmanager(path: 'alerts' | 'silences', body: unknown): Promise<unknown> {
  return (await http.post(`${baseUrl(lab(), 'ALERTMANAGER_PORT')}/api/v2/${path}`, body)).data;
}

export async function deleteSilence(id: string): Promise<void> {
  await http.delete(`${baseUrl(lab(), 'ALERTMANAGER_PORT')}/api/v2/silence/${id}`);
}

/** A scenario file: the API is stopped, or made slow, and one of the two rules is expected; beside it `others`, likewise. */
export function scenarioOf(
  alert: 'InstanceDown' | 'SLOLatencyBreach',
  lasts = '2m15s',
  others: readonly string[] = [],
): string {
  const fault =
    alert === 'InstanceDown'
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
${alert === 'SLOLatencyBreach' ? traffic : ''}baseline: 30s
timeline:
  - id: incident
    at: 0s
    fault: ${fault}
expect:
  - alert: ${alert}
    labels: ${alert === 'InstanceDown' ? '{ severity: critical }' : '{}'}
    resolves: false
${others.map((other) => `  - { alert: ${other}, labels: { severity: critical }, resolves: false }\n`).join('')}tolerate:
  - { alert: ProbeFailed }
`,
  );
  return file;
}
