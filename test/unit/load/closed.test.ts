import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../../src/core/clock.ts';
import { fullAfterMs, type LoadStage, levelAt, totalMs } from '../../../src/load/stages.ts';
import { startLoad } from '../../../src/load/work.ts';
import { serve } from '../../support/server.ts';

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

test('a real ramp reaches its peak, delivers what it planned, and says what it did', async () => {
  let most = 0;
  let open = 0;
  await using server = await serve(async (_, response) => {
    open++;
    most = Math.max(most, open);
    await pause(40);
    open--;
    response.end('ok');
  });
  const load = startLoad(
    {
      model: 'closed',
      name: 'ramp',
      requests: [{ method: 'GET', url: server.url }],
      stages: [{ to: 12, overMs: 1000 }, { holdMs: 1000 }],
    },
    systemClock,
  );
  const result = await load.finished;
  assert.equal(most, 12);
  assert.equal(result.peak, 12);
  assert.ok(result.delivered / result.intended > 0.9, `${result.delivered} of ${result.intended}`);
  assert.ok(result.completed > 100);
  assert.equal(result.errors.refused, undefined);
  assert.ok(result.latencyMs.p50 >= 40 && result.latencyMs.p50 < 120, JSON.stringify(result.latencyMs));
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
  await pause(300);
  const result = await load.stop();
  assert.ok(result.completed > 0);
  assert.equal(load.snapshot().connections, 0);
});
