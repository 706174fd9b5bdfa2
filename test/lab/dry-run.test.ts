import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectAdmin } from '../../src/faults/postgres.ts';
import { onlookersSocket } from '../support/docker-socket.ts';
import { world } from '../support/faults.ts';
import { docker, LAB, startChaosWith } from '../support/lab.ts';

/** What a run could have changed, as Docker tells it: every container with its start, its networks and its limit. */
async function containers(): Promise<string> {
  const { stdout } = await docker('ps', '-aq', '--filter', `label=com.docker.compose.project=chaos-${LAB}`);
  const format =
    '{{.Name}} {{.State.StartedAt}} {{.State.Status}} {{.HostConfig.CpuQuota}} {{json .NetworkSettings.Networks}}';
  return (await docker('inspect', '--format', format, ...stdout.trim().split('\n').sort())).stdout;
}

/** Sessions in PostgreSQL that are ours. */
async function sessions(): Promise<number> {
  const admin = await connectAdmin(world.lab, world.clock);
  const sql = "SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'chaos:%'";
  const { rowCount } = await admin.query(sql).finally(() => admin.end());
  return rowCount ?? 0;
}

test('a dry run of every scenario goes through a Docker socket that lets nobody act', async () => {
  await using socket = await onlookersSocket();
  const before = await containers();
  const { ended } = startChaosWith(
    { DOCKER_HOST: `unix://${socket.path}` },
    'run',
    'all',
    '--dry-run',
    '--json',
    '--name',
    LAB,
  );
  const { code, stdout, stderr } = await ended;
  assert.equal(code, 0, stderr);
  const dry = JSON.parse(stdout) as {
    dryRun: boolean;
    plan: { scenario: string; touches: { on: string }[] };
  }[];
  assert.ok(dry.length >= 13 && dry.every(({ dryRun }) => dryRun));
  assert.deepEqual(socket.acts(), []);
  // It was really asked through that socket.
  assert.ok(socket.asked.length > dry.length, String(socket.asked.length));
  assert.equal(await containers(), before);
  assert.equal(await sessions(), 0);
  const outage = dry.find(({ plan }) => plan.scenario === 'api-outage');
  assert.ok(outage?.plan.touches.some(({ on }) => on === `${LAB}-api`));
});

test('through that socket nothing could have been done: a run on it changes nothing either', async () => {
  await using socket = await onlookersSocket();
  const stopped = await docker('-H', `unix://${socket.path}`, 'stop', `${LAB}-nginx-exporter`);
  assert.notEqual(stopped.code, 0);
  assert.ok(socket.acts().some((one) => /^POST .*stop$/.test(one)));
});
