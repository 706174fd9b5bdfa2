import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { baseUrl } from '../../src/core/lab.ts';
import { PACKAGE_DIR } from '../../src/core/paths.ts';
import { Prometheus } from '../../src/observe/prometheus.ts';
import { evidenceOf, type RunRecord } from '../../src/report/record.ts';
import { judge } from '../../src/verdict/judge.ts';
import { docker, LAB, lab, runScenario, sharedRun, startChaos } from '../support/lab.ts';

const shipped = (name: string) => readFileSync(join(PACKAGE_DIR, `scenarios/${name}.yaml`), 'utf8');
const seconds = (from: string | null, to: string | null) =>
  (Date.parse(to ?? '') - Date.parse(from ?? '')) / 1000;

/** A scenario of its own, from a text. */
function scenarioFile(name: string, text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'chaos-')), `${name}.yaml`);
  writeFileSync(file, text);
  return file;
}
const running = async (service: string) =>
  (await docker('inspect', '--format', '{{.State.Running}}', `${LAB}-${service}`)).stdout.trim();

// Before anything is broken, as a quiet lab is waited for first.
test('background traffic alone fires nothing', async () => {
  const traffic = shipped('api-outage').match(/^traffic:\n(?: .*\n)+/m)?.[0];
  assert.ok(traffic);
  const { code, record } = await runScenario(
    scenarioFile('nothing', `name: nothing\ntitle: Nothing happens\n${traffic}baseline: 1m\nwatch: 8m\n`),
  );
  assert.deepEqual(record.unexpected, []);
  assert.deepEqual([code, record.score], [0, 100]);
});

// An api-outage that lasts until the budget burns: every alert of the one, and the page of the other.
test('fast-burn passes: the alerts fire between their earliest and their deadline, and are notified', async () => {
  const { code, record, stderr } = await sharedRun('fast-burn');
  assert.equal(code, 0, `${stderr}\n${JSON.stringify(record.expectations, null, 1)}`);
  assert.ok((record.score ?? 0) >= 90, String(record.score));
  const of = (name: string) => record.expectations.find(({ alert }) => alert === name)!;
  const down = of('InstanceDown');
  assert.equal(down.outcome, 'on-time');
  const page = of('SLOAvailabilityFastBurn');
  assert.equal(page.outcome, 'on-time', page.reasons.join(' '));
  // 14.4 x 0.005 of an hour is 26 s at 10x, less where the hour has seen other failures or is not over yet.
  assert.ok(seconds(page.effectAt, page.firedAt) < 36, 'while the outage lasts');
  // The short window of 30 s, at 10x, is what ends it.
  assert.ok(seconds(record.faults[0]!.undoneAt, page.resolvedAt) < 45, 'long before its hour is over');
  // `for: 1m` at 10x; 6.4 to 7.3 s were measured on an idle machine.
  const delay = seconds(down.effectAt, down.firedAt);
  assert.ok(delay > 5 && delay < 11.5, `${delay} s`);
  assert.ok(seconds(down.firedAt, down.receivedAt) < 2, 'Alertmanager has it at once');
  assert.ok(seconds(down.firedAt, down.notifiedAt) < 3, 'defect 14: a notification arrives in the inbox');
  assert.ok(seconds(down.effectAt, down.firstBadSampleAt) < 3.5);
  const [fault] = record.faults;
  assert.equal(fault?.restored, true);
  assert.equal(fault.effectiveAt, down.effectAt);
  assert.equal(await running('api'), 'true');
  assert.deepEqual(
    judge(evidenceOf(record)),
    pickVerdict(record),
    'the verdict follows from the record alone',
  );

  // The same from Prometheus, without any of our code: firing begins when the record says.
  const series = await new Prometheus(baseUrl(lab(), 'PROMETHEUS_PORT')).samples(
    'ALERTS{alertname="InstanceDown", job="api", alertstate="firing"}',
    Date.parse(record.zeroAt),
    Date.parse(record.endedAt),
  );
  assert.equal(Math.round(series[0]!.values[0]![0] * 1000), Date.parse(down.firedAt!));

  // And what the run says of itself, which its Prometheus scrapes.
  const prometheus = new Prometheus(baseUrl(lab(), 'PROMETHEUS_PORT'));
  const endedAt = Date.parse(record.endedAt);
  const last = async (metric: string) => {
    const ours = `${metric}{scenario="fast-burn"}`;
    const [series] = await prometheus.samples(ours, endedAt, endedAt + 10_000);
    return Number(series?.values.at(-1)?.[1]);
  };
  for (let i = 0; i < 20 && (await last('chaos_run_ended_timestamp_seconds')) !== endedAt / 1000; i++)
    await pause(500);
  assert.equal(await last('chaos_run_ended_timestamp_seconds'), endedAt / 1000);
  assert.equal(await last('chaos_run_score'), record.score);
});

function pickVerdict(record: RunRecord) {
  const { expectations, unexpected, verdict, because, score, scoreParts, forged, newSilences } = record;
  return { verdict, because, score, scoreParts, expectations, unexpected, forged, newSilences };
}

test('SIGINT in the middle of an outage leaves the API running and exits 130', async () => {
  const { child, ended, output } = startChaos(
    'run',
    'api-outage',
    '--name',
    LAB,
    '--reports',
    mkdtempSync(join(tmpdir(), 'chaos-')),
  );
  while (!output().includes('outage effective')) {
    assert.equal(child.exitCode, null, output());
    await pause(100);
  }
  assert.equal(await running('api'), 'false');
  const interrupted = performance.now();
  child.kill('SIGINT');
  const { code, stdout } = await ended;
  assert.equal(code, 130, stdout);
  assert.ok(performance.now() - interrupted < 10_000);
  assert.equal(await running('api'), 'true');
  assert.match(stdout, /restored/);
});

test('a run that cannot begin says why, and is exit 3', async () => {
  await docker('stop', `${LAB}-nginx-exporter`);
  try {
    // Prometheus learns of it at its next scrape.
    while ((await startChaos('status', '--name', LAB).ended).code !== 3) await pause(200);
    const { code, stderr, stdout } = await startChaos('run', 'api-outage', '--name', LAB).ended;
    assert.equal(code, 3, stdout);
    assert.match(stderr, /target nginx nginx-exporter:9113 is not UP/);
  } finally {
    await docker('start', `${LAB}-nginx-exporter`);
  }
});
