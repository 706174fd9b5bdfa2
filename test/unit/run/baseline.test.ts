import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LiveAlert } from '../../../src/observe/prometheus.ts';
import { SETTLE_LAB_MS } from '../../../src/plan/remembered.ts';
import { awaitBaseline } from '../../../src/run/baseline.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const alert = (alertname: string, state: LiveAlert['state'] = 'pending'): LiveAlert => ({
  labels: { alertname },
  state,
  activeAt: 0,
});

/** Waits for a minute's baseline at 10x over alerts that depend on the time, which is then moved on. */
async function baseline(
  alertsAt: (ms: number) => LiveAlert[],
  ms: number,
  tolerate: { alert: string; labels: Record<string, string> }[] = [],
) {
  const clock = new ManualClock();
  const broken: string[][] = [];
  const controller = new AbortController();
  let end: number | Error | undefined;
  awaitBaseline(
    { baselineMs: 60_000, tolerate, speed: 10 },
    { clock, signal: controller.signal, pollMs: 500 },
    () => ({ at: clock.now(), alerts: alertsAt(clock.now()) }),
    (reasons) => broken.push(reasons),
  ).then(
    () => {
      end = clock.now();
    },
    (error) => {
      end = error;
    },
  );
  await clock.advance(ms);
  return { end, broken };
}

test('a quiet lab is ready after the baseline, in lab time', async () => {
  assert.equal((await baseline(() => [], 10_000)).end, 6000);
});

test('an alert in the middle begins the baseline anew, and is told once', async () => {
  const { end, broken } = await baseline((ms) => (ms >= 3000 && ms < 5000 ? [alert('A')] : []), 20_000);
  assert.equal(end, 11_000);
  assert.deepEqual(broken, [['A is pending']]);
});

test('what is tolerated does not stand in the way', async () => {
  assert.equal(
    (await baseline(() => [alert('A', 'firing')], 10_000, [{ alert: 'A', labels: {} }])).end,
    6000,
  );
});

test('a lab that never becomes quiet is not ready, with the alert', async () => {
  const { end } = await baseline(() => [alert('A', 'firing')], (60_000 + SETTLE_LAB_MS) / 10 + 1000);
  assert.ok(end instanceof Error);
  assert.match(end.message, /A is firing/);
});
