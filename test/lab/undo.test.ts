import assert from 'node:assert/strict';
import type { ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { systemClock } from '../../src/core/clock.ts';
import { STACK_DIR } from '../../src/core/paths.ts';
import { isAlive, pidOf } from '../../src/core/process-identity.ts';
import type { RunRecord } from '../../src/report/record.ts';
import { StepRunner } from '../../src/run/steps.ts';
import { knownFromStack } from '../../src/scenario/known.ts';
import { findJournals } from '../../src/undo/entries.ts';
import { Guard } from '../../src/undo/guard.ts';
import { inspect, world } from '../support/faults.ts';
import { docker, LAB, lab, start, startChaos } from '../support/lab.ts';
import { victim } from '../support/sweep.ts';

const running = (service: string) => inspect(service, '{{.State.Running}}');
const chaos = (command: string, ...more: string[]) => startChaos(command, ...more, '--name', LAB).ended;
const open = async () => (await findJournals(lab().dir)).flatMap((one) => one.open);
async function until(what: string, holds: () => Promise<boolean>, limitMs = 20_000): Promise<number> {
  const began = performance.now();
  while (!(await holds())) {
    assert.ok(performance.now() - began < limitMs, `${what}: not within ${limitMs} ms`);
    await pause(50);
  }
  return performance.now() - began;
}
const children = (pid: number) =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').map(Number);
function isFrozen({ pid, exitCode }: ChildProcess): boolean {
  assert.equal(exitCode, null, 'it ended by itself');
  return readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') T ');
}
/** In the middle of its fault, frozen. */
async function frozen(type: string, point = 'inject: after effective') {
  const { child, ended } = victim(type, point, 'SIGSTOP');
  await until('frozen', async () => isFrozen(child));
  return { child, ended };
}

after(async () => {
  await until('the lab is ready again', async () => (await chaos('status')).code === 0, 60_000);
});

test('run and reaper both killed: chaos recover takes everything back, and a second one finds nothing', async () => {
  const { child } = await frozen('container-stop');
  for (const pid of children(child.pid!)) process.kill(pid, 'SIGKILL');
  child.kill('SIGKILL');
  await pause(1000);
  assert.equal(await running('redis'), 'false', 'nobody was there to take it back');
  assert.match((await chaos('status')).stdout, /is gone left container-stop: chaos recover --name/);
  const { code, stdout } = await chaos('recover');
  assert.equal(code, 0, stdout);
  assert.match(stdout, /sweep of container-stop: container-stop \(container-stop\) taken back/);
  assert.equal(await running('redis'), 'true');
  assert.match((await chaos('recover')).stdout, /nothing to take back/);
});

test('while a run acts on a lab, another one, up and down are refused, and told of it', async () => {
  const guard = await Guard.begin(world, 'api-outage', () => {});
  try {
    for (const words of [['run', 'quiet'], ['up'], ['down']]) {
      const { code, stderr } = await chaos(words[0]!, ...words.slice(1));
      assert.equal(code, 3);
      assert.ok(
        stderr.includes(`A run of api-outage is acting on the lab ${LAB} (process ${process.pid}, since`),
      );
    }
    assert.match(
      (await chaos('status')).stdout,
      new RegExp(`A run of api-outage acts on it \\(process ${process.pid}\\)\\.`),
    );
  } finally {
    await guard.end();
  }
});

test('a run that hangs: the reaper takes it back, and it may not go on', async () => {
  const { child, ended } = await frozen('container-stop');
  await until('taken back', async () => (await running('redis')) === 'true' && (await open()).length === 0);
  child.kill('SIGCONT');
  await ended;
  assert.equal(await running('redis'), 'true');
  assert.deepEqual(await findJournals(lab().dir), []);
});

/** Of a machine that is busy with other things some alert may fire; here nothing is judged. */
function scenario(name: string, text: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'chaos-')), `${name}.yaml`);
  const tolerated = knownFromStack(STACK_DIR).alerts?.map((alert) => `  - alert: ${alert}\n`);
  writeFileSync(
    file,
    `name: ${name}\ntitle: For a test\nbaseline: 1s\n${text}tolerate:\n${tolerated?.join('')}`,
  );
  return file;
}

test('chaos stop ends a run from another terminal, undone within five seconds, exit 5', async () => {
  const reports = mkdtempSync(join(tmpdir(), 'chaos-'));
  const outage =
    'timeline: [{ id: outage, fault: { type: container-stop, target: api, for: 10m } }]\nwatch: 10m\n';
  const file = scenario('long-outage', outage);
  const { child, ended, output } = startChaos('run', file, '--name', LAB, '--reports', reports, '--json');
  const tells = (text: string) => async () => {
    assert.equal(child.exitCode, null, output());
    return output().includes(text);
  };
  await until('the outage', tells('outage effective'), 60_000);
  const stopping = chaos('stop');
  await until('heard', tells('Stopped from another terminal'));
  const heardAt = Date.now();
  const [stopped, run] = await Promise.all([stopping, ended]);
  assert.deepEqual([stopped.code, run.code], [0, 5], stopped.stderr + run.stderr);
  assert.match(stopped.stdout, /The run of long-outage is stopped/);
  const { status, statusReason, faults } = JSON.parse(run.stdout) as RunRecord;
  assert.deepEqual([status, statusReason, faults[0]?.restored], ['stopped', 'chaos stop', true]);
  const tookMs = Date.parse(faults[0]?.undoneAt ?? '') - heardAt;
  assert.ok(tookMs < 5000, `undone after ${tookMs} ms`);
});

test('a time limit ends a run, exit 5', async () => {
  const file = scenario('endless', 'watch: 1h\ntime_limit: 1m\n');
  const { code, stdout } = await chaos('run', file, '--reports', dirname(file));
  assert.equal(code, 5, stdout);
  assert.match(stdout, /time limit, 1m of lab time/);
});

test('Docker unreachable in the middle: tried again until it answers', async () => {
  const socket = join(mkdtempSync(join(tmpdir(), 'chaos-')), 'docker.sock');
  const proxy = createServer((client) => {
    const engine = connect('/var/run/docker.sock');
    for (const [from, to] of [
      [client, engine],
      [engine, client],
    ] as const) {
      from.pipe(to);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
    }
  });
  const listen = () => new Promise<void>((ready) => proxy.listen(socket, ready));
  await listen();
  const { child } = victim('container-stop', 'inject: after effective', 'SIGSTOP', {
    DOCKER_HOST: `unix://${socket}`,
  });
  await until('frozen', async () => isFrozen(child));
  proxy.close();
  rmSync(socket, { force: true });
  child.kill('SIGKILL');
  await pause(3000);
  assert.equal(await running('redis'), 'false');
  await listen();
  await until('taken back', async () => (await running('redis')) === 'true' && (await open()).length === 0);
  proxy.close();
});

test('a container that somebody removes while we have stopped it: told, and well again after chaos up', async () => {
  const { child } = await frozen('container-stop');
  await docker('rm', '-f', `${LAB}-redis`);
  child.kill('SIGKILL');
  await until('given up', async () => {
    const [left] = await findJournals(lab().dir);
    return left !== undefined && pidOf(left.keeper) !== child.pid && !isAlive(left.keeper);
  });
  const told = await chaos('recover');
  assert.equal(told.code, 3);
  assert.match(told.stderr, /has no container of service redis/);
  const up = await chaos('up', '--speed', String(lab().speed), '--images', lab().images);
  assert.equal(up.code, 0, up.stderr);
  assert.equal(await running('redis'), 'true');
  assert.deepEqual(await findJournals(lab().dir), []);
});

test('a disk that is full: the fault does not happen', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-full-'));
  const mounted = await start('mount', ['-t', 'tmpfs', '-o', 'size=16k', 'tmpfs', dir]).ended;
  assert.equal(mounted.code, 0, `a small disk is needed, and so root: ${mounted.stderr}`);
  try {
    const small = { ...world, lab: { ...world.lab, dir } };
    const guard = await Guard.begin(small, 'full', () => {});
    assert.throws(() => writeFileSync(join(dir, 'filler'), Buffer.alloc(64 * 1024)), /ENOSPC/);
    const told: string[] = [];
    const steps = new StepRunner(small, guard, 1, (event) => {
      if (event.type === 'step') told.push(`${event.state} ${event.detail}`);
    });
    const at = { file: '', line: 1, column: 1 };
    const pad = 'x'.repeat(4096);
    const fault = {
      kind: 'fault',
      id: pad,
      type: 'container-stop',
      fields: { target: 'redis' },
      atMs: 0,
      forMs: 300,
      at,
    } as const;
    const before = await inspect('redis', '{{.State.StartedAt}}');
    await steps.runAll([fault], systemClock.now(), new AbortController().signal);
    await steps.undoAll();
    await guard.end();
    assert.equal(told.length, 1, told.join());
    assert.match(told[0]!, /^failed .*ENOSPC/);
    assert.equal(await inspect('redis', '{{.State.StartedAt}}'), before);
  } finally {
    await start('umount', [dir]).ended;
  }
});
