import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { RunRecord } from '../../src/report/record.ts';
import { docker, LAB, lab, startChaos } from '../support/lab.ts';
import { answered, leftovers, loadScenario, logged, swarm } from '../support/swarm.ts';

const GENERATORS = 3;
const RATE = 60;
const REPORTS = process.env.CHAOS_TEST_REPORTS ?? '.build/reports';

before(swarm);

const run = (file: string, generators = GENERATORS) =>
  startChaos(
    ...['run', file, '--swarm', '--generators', String(generators), '--name', LAB],
    ...['--json', '--reports', REPORTS],
  );

async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  limitMs: number,
): Promise<number> {
  const began = performance.now();
  while (!(await holds())) {
    assert.ok(performance.now() - began < limitMs, `${what}: not within ${limitMs} ms`);
    await pause(100);
  }
  return performance.now() - began;
}

const underWay = (child: ChildProcess, output: () => string) =>
  until(
    'the load is under way',
    () => {
      assert.equal(child.exitCode, null, output());
      return /rush effective/.test(output());
    },
    90_000,
  );

const gone = () =>
  until('all of it is gone', async () => (await leftovers()).length === 0, 20_000).catch(async (error) => {
    throw new Error(`${error.message}: ${(await leftovers()).join(' ')}`);
  });

test('generators of a Swarm send each request once, and API and nginx have counted what they say', async (t) => {
  const since = Date.now();
  const before = await answered();
  const { code, stdout, stderr } = await run(loadScenario('swarm-counted', RATE, 20)).ended;
  assert.equal(code, 0, stderr);
  const record = JSON.parse(stdout) as RunRecord;
  const [load] = record.load;
  const intended = RATE / 2 + 19 * RATE;
  const counts = [
    load!.intended,
    load!.sent,
    load!.completed,
    (await answered()) - before,
    await logged(since),
  ];
  assert.deepEqual(counts, Array(5).fill(intended));
  const shares = load!.generators ?? [];
  assert.deepEqual(
    shares.map(({ slot }) => slot),
    [1, 2, 3],
  );
  assert.deepEqual(
    shares.map(({ sent }) => sent),
    Array(GENERATORS).fill(intended / GENERATORS),
  );
  t.diagnostic(JSON.stringify(shares));
  await gone();
});

test('interrupted, the load ends with what it came to, and everything is taken back', async () => {
  const before = await answered();
  const { child, ended, output } = run(loadScenario('swarm-interrupted', RATE, 60));
  await underWay(child, output);
  await pause(4000);
  child.kill('SIGINT');
  const { code, stdout, stderr } = await ended;
  assert.equal(code, 130, stderr);
  assert.deepEqual(await leftovers(), []);
  const [load] = (JSON.parse(stdout) as RunRecord).load;
  assert.equal(load!.error, null);
  const counted = (await answered()) - before;
  // What had been sent and had no answer yet was answered to nobody.
  assert.ok(
    load!.completed > 2 * RATE && load!.completed <= counted && counted <= load!.sent,
    `${load!.completed} ${counted} ${load!.sent}`,
  );
});

test('kill -9 of the run: not one request more after a moment, and the reaper takes everything back', async (t) => {
  const { child, ended, output } = run(loadScenario('swarm-killed', RATE, 60));
  await underWay(child, output);
  await pause(2000);
  child.kill('SIGKILL');
  await ended;
  await pause(1000);
  const soon = await answered();
  await pause(2000);
  assert.equal(await answered(), soon);
  t.diagnostic(`gone after ${Math.round(3000 + (await gone()))} ms`);
  assert.equal((await startChaos('status', '--name', LAB).ended).code, 0);
});

test('a task that is killed is lost with its share, so the load was not delivered', async () => {
  const { child, ended, output } = run(loadScenario('swarm-lost', RATE, 20));
  await underWay(child, output);
  const tasks = (
    await docker(
      'ps',
      '-q',
      '--filter',
      `label=chaos.load=${lab().project}`,
      '--filter',
      'label=com.docker.swarm.task',
    )
  ).stdout;
  await docker('kill', tasks.split('\n')[0]!);
  const { code, stdout, stderr } = await ended;
  const record = JSON.parse(stdout) as RunRecord;
  const [load] = record.load;
  assert.match(load!.error ?? '', /generator \d on .*: it is gone/, stderr);
  assert.equal(load!.generators?.filter(({ error }) => error !== null).length, 1);
  assert.ok(load!.delivered < load!.intended && load!.sent > 0, `${load!.delivered} of ${load!.intended}`);
  assert.equal(code, 4);
  await gone();
});
