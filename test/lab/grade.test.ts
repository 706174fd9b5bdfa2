import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { baseUrl } from '../../src/core/lab.ts';
import { STACK_DIR } from '../../src/core/paths.ts';
import type { Grade } from '../../src/grade/grade.ts';
import { Prometheus } from '../../src/observe/prometheus.ts';
import type { RunRecord } from '../../src/report/record.ts';
import { lab, startChaos } from '../support/lab.ts';
import { deleteSilence, postToAlertmanager, sabotaged } from '../support/sabotage.ts';

const REPORTS = mkdtempSync(join(tmpdir(), 'chaos-graded-'));

async function graded(...args: string[]) {
  const { code, stdout, stderr } = await startChaos('grade', ...args, '--json', '--reports', REPORTS).ended;
  if (stdout === '') throw new Error(`no grade, exit ${code}:\n${stderr}`);
  return { code, grade: JSON.parse(stdout) as Grade, stderr };
}

const pointsOf = ({ criteria }: Grade) =>
  new Map(criteria.flatMap(({ checks }) => checks).map(({ id, points, of }) => [id, `${points}/${of}`]));

test('our own stack, graded as it runs: 100, from what it showed in three incidents', async () => {
  const { code, grade, stderr } = await graded('--compose-project', lab().project);
  assert.deepEqual([grade.score, grade.findings, code], [100, [], 0], stderr);
  assert.equal(grade.mode, 'live');
  assert.deepEqual(
    grade.live?.incidents.map(({ id, record }) => [id, record !== null]),
    [
      ['api-outage', true],
      ['high-load', true],
      ['stores-outage', true],
    ],
  );
  assert.ok(grade.checklist.every(({ ready }) => ready));

  const record = JSON.parse(readFileSync(grade.live!.incidents[1]!.record!, 'utf8')) as RunRecord;
  const [active] = record.expectations;
  assert.deepEqual([active?.alert, active?.outcome], ['HighActiveRequests', 'on-time']);
  // More than 50 requests are in flight for the whole of its `for:`.
  const prometheus = new Prometheus(baseUrl(lab(), 'PROMETHEUS_PORT'));
  const between = [Date.parse(active!.activeAt!), Date.parse(active!.firedAt!)] as const;
  const [inFlight] = await prometheus.samples('http_requests_active', ...between);
  const values = inFlight!.values.map(([, value]) => Number(value));
  assert.ok(values.length >= 7 && Math.min(...values) > 50, JSON.stringify(values));
  const rush = record.load.find(({ name }) => name === 'rush')!;
  assert.equal(rush.peak, 80);
  assert.ok(rush.delivered / rush.intended >= 0.95);
});

test('a stack that was never started has what its files prove', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-learner-'));
  cpSync(STACK_DIR, dir, { recursive: true, filter: (path) => !path.includes('.labs') });
  const { grade, code } = await graded(dir);
  assert.deepEqual([grade.live?.project, grade.score, code], [null, 56, 1]);
  assert.deepEqual(
    grade.findings.map(({ id, points }) => [id, points]),
    [['not-running', 44]],
  );
});

/** One that fires whatever happens, one with no patience, and what somebody wants to be seen. */
const CHEATS = `groups:
  - name: cheats
    rules:
      - alert: Everything
        expr: vector(1)
      - alert: InstanceDown
        expr: up == 0
        for: 0s
      - alert: HighActiveRequests
        expr: vector(60)
      - alert: HighLatencyP95
        expr: http_request_duration_p95 > 0.5
      - alert: SLOAvailabilityBreach
        expr: sli:availability:ratio_rate5m < 0.995
      - record: sli:availability:ratio_rate5m
        expr: vector(1)
`;

test('what is forged, silenced or always on is caught, each by its name', async () => {
  const forged = new AbortController();
  const forging = (async () => {
    while (!forged.signal.aborted) {
      await postToAlertmanager('alerts', [{ labels: { alertname: 'PostgresDown', job: 'postgres' } }]).catch(
        () => {},
      );
      await pause(2000);
    }
  })();
  let silence: string | undefined;
  try {
    await sabotaged({ rules: () => CHEATS }, async () => {
      const made = await postToAlertmanager('silences', {
        matchers: [{ name: 'alertname', value: '.+', isRegex: true }],
        startsAt: new Date().toISOString(),
        endsAt: new Date(Date.now() + 600_000).toISOString(),
        createdBy: 'a learner',
        comment: 'quiet',
      });
      silence = (made as { silenceID?: string }).silenceID;
      const { grade, code, stderr } = await graded('--compose-project', lab().project);
      const said = new Map(grade.findings.map(({ id, message }) => [id, message]));
      const shown = `${stderr}\n${JSON.stringify(grade.findings, null, 1)}`;
      for (const [id, message] of [
        ['fires-at-rest', /with nothing broken/],
        ['forged-alert', /PostgresDown .* somebody posted it/],
        ['silenced', /a silence of a learner/],
        ['not-notified', /no notification arrived/],
        ['not-loaded', /has not loaded it/],
        ['no-series', /HighLatencyP95 reads http_request_duration_p95/],
        ['nothing-raised', /no alert was there to see it/],
      ] as const)
        assert.match(said.get(id) ?? `nothing by ${id}: ${shown}`, message);
      const points = pointsOf(grade);
      for (const id of ['rules.calm', 'rules.notified', 'slo.raised'] as const)
        assert.match(points.get(id)!, /^0\//, `${id}: ${shown}`);
      assert.equal(code, grade.passed ? 0 : 1);
    });
  } finally {
    forged.abort();
    await forging;
    if (silence) await deleteSilence(silence);
  }
});
