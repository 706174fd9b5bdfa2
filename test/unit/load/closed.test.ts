import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../../src/core/clock.ts';
import type { Load } from '../../../src/load/load.ts';
import { fullAfterMs, type LoadStage, levelAt, totalMs } from '../../../src/load/stages.ts';
import { startLoad } from '../../../src/load/work.ts';
import { ManualClock } from '../../support/manual-clock.ts';
import { serve } from '../../support/server.ts';
import { until } from '../../support/until.ts';

const stages: LoadStage[] = [{ to: 80, overMs: 6000 }, { holdMs: 24_000 }, { to: 0, overMs: 1000 }];

test('a ramp is linear, holds, and ends at nothing', () => {
  assert.equal(levelAt(stages, 0), 0);
  assert.equal(levelAt(stages, 3000), 40);
  assert.equal(levelAt(stages, 6000), 80);
  assert.equal(levelAt(stages, 29_999), 80);
  assert.equal(levelAt(stages, 30_500), 40);
  assert.equal(levelAt(stages, 31_000), 0);
});

test('a load is full when the last ramp to its peak is over', () => {
  assert.equal(fullAfterMs(stages), 6000);
  assert.equal(fullAfterMs([{ to: 10, overMs: 5 }, { holdMs: 5 }, { to: 20, overMs: 5 }]), 15);
  assert.equal(totalMs(stages), 31_000);
});

test('background traffic is at its level at once and for ever', () => {
  const background: LoadStage[] = [{ to: 3, overMs: 0 }, { holdMs: Number.POSITIVE_INFINITY }];
  assert.equal(levelAt(background, 0), 3);
  assert.equal(levelAt(background, 1e9), 3);
});

test('a real ramp reaches its peak and no more, and says what it did', async () => {
  let most = 0;
  let open = 0;
  const took: number[] = [];
  await using server = await serve(async (_, response) => {
    const began = performance.now();
    open++;
    most = Math.max(most, open);
    await pause(40);
    open--;
    took.push(performance.now() - began);
    response.end('ok');
  });
  const load = startLoad(
    {
      model: 'closed',
      name: 'ramp',
      requests: [{ method: 'GET', url: server.url }],
      stages: [{ to: 12, overMs: 1000 }, { holdMs: Number.POSITIVE_INFINITY }],
    },
    systemClock,
  );
  await until('at its peak', () => most === 12 && load.snapshot().completed > 100);
  await pause(300);
  const result = await load.stop();
  assert.equal(most, 12);
  assert.equal(result.peak, 12);
  assert.equal(result.errors.refused, undefined);
  // Of what the server took itself, however busy the machine is.
  const median = took.sort((a, b) => a - b)[took.length >> 1]!;
  const { p50 } = result.latencyMs;
  assert.ok(
    p50 >= 39 && p50 < 3 * median,
    `${JSON.stringify(result.latencyMs)}, and a server of ${median} ms`,
  );
});

test('steps in time deliver what is planned, and one that comes late shows', async () => {
  await using server = await serve((_, response) => response.end('ok'));
  const ramp: Load = {
    model: 'closed',
    name: 'ramp',
    requests: [{ method: 'GET', url: server.url }],
    stages: [{ to: 12, overMs: 1000 }, { holdMs: 1000 }],
  };
  const worked = async (jump: (clock: ManualClock) => Promise<void>) => {
    const clock = new ManualClock();
    const load = startLoad(ramp, clock);
    await jump(clock);
    return await load.finished;
  };
  const inTime = await worked((clock) => clock.advance(2500));
  // 6 on the ramp and 12 after it, but for half of the last step, at whose end nothing is wanted any more.
  assert.equal(inTime.intended, 16.5);
  assert.ok(inTime.delivered / inTime.intended > 0.95, `${inTime.delivered} of ${inTime.intended}`);
  const late = await worked(async (clock) => {
    clock.skip(1000);
    await clock.advance(1500);
  });
  assert.ok(late.delivered / late.intended < 0.9, `${late.delivered} of ${late.intended}`);
});

test('stop ends a load that would last for ever', async () => {
  await using server = await serve((_, response) => response.end('ok'));
  const load = startLoad(
    {
      model: 'closed',
      name: 'traffic',
      requests: [{ method: 'GET', url: server.url }],
      stages: [{ to: 1, overMs: 0 }, { holdMs: Number.POSITIVE_INFINITY }],
    },
    systemClock,
  );
  await until('answered', () => load.snapshot().completed > 0);
  const result = await load.stop();
  assert.ok(result.completed > 0);
  assert.equal(load.snapshot().connections, 0);
});
