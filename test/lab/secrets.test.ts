import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { readEnvironment } from '../../src/core/lab-environment.ts';
import { STACK_DIR } from '../../src/core/paths.ts';
import type { RunRecord } from '../../src/report/record.ts';
import { knownFromStack } from '../../src/scenario/known.ts';
import { docker, LAB, lab, start, startChaos } from '../support/lab.ts';

/** The part of `docker inspect` that is looked at. */
interface Inspected {
  Name: string;
  Config: { Env: string[]; User: string };
  HostConfig: {
    Privileged: boolean;
    PortBindings: Record<string, { HostIp: string }[] | null>;
    CapDrop: string[] | null;
  };
  Mounts: { Source: string; Destination: string; RW: boolean }[];
}

async function containers(): Promise<Inspected[]> {
  const filter = `label=com.docker.compose.project=${lab().project}`;
  const { stdout } = await docker('ps', '-aq', '--filter', filter);
  const inspected = JSON.parse((await docker('inspect', ...stdout.trim().split('\n'))).stdout) as Inspected[];
  assert.ok(inspected.length >= 12);
  return inspected;
}

function secrets(): [name: string, value: string][] {
  const found = Object.entries(readEnvironment(join(lab().dir, '.env'))).filter(([name]) =>
    /PASSWORD/.test(name),
  );
  assert.ok(found.length >= 5 && found.every(([, value]) => value.length >= 20));
  return found;
}

function assertNoSecret(text: string, where: string): void {
  for (const [name, value] of secrets()) assert.ok(!text.includes(value), `${name} is in ${where}`);
}

// The faults that need a password, each for two seconds of wall time. No alert of another test is waited for.
const SCENARIO = `name: secretive
title: What needs a password
traffic: { connections: 2, url: /api/products }
baseline: 1s
timeline:
  - fault: { type: postgres-lock, for: 20s }
  - fault: { type: postgres-sleep-flood, sessions: 5, for: 20s }
  - fault: { type: redis-stall, for: 20s }
  - fault: { type: app-failure, payment_failure_rate: 0.01, for: 20s }
watch: 1s
tolerate:
${knownFromStack(STACK_DIR)
  .alerts?.map((alert) => `  - alert: ${alert}\n`)
  .join('')}`;

test('no password is in a record, its samples, what a run prints, or a process list while it goes on', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-'));
  const file = join(dir, 'secretive.yaml');
  writeFileSync(file, SCENARIO);
  const reports = join(dir, 'reports');
  const { ended } = startChaos('run', file, '--name', LAB, '--json', '--reports', reports, '--verbose');
  let running = true;
  void ended.then(() => {
    running = false;
  });
  const lists: string[] = [];
  while (running) {
    lists.push((await start('ps', ['axww', '-o', 'args']).ended).stdout);
    await pause(100);
  }
  const { stdout, stderr } = await ended;
  const { faults, status } = JSON.parse(stdout) as RunRecord;
  assert.equal(status, 'completed');
  // On a machine that is busy with other things Redis may be too slow to be stalled; it was asked with its password.
  const acted = faults.filter(({ effectiveAt }) => effectiveAt !== null);
  assert.ok(
    acted.length >= 3 && acted.every(({ restored }) => restored),
    `${JSON.stringify(faults)}\n${stderr}`,
  );
  // The list shows what it should: our own command line, and those of the lab.
  for (const seen of [file, 'redis-server', 'postgres'])
    assert.ok(
      lists.some((list) => list.includes(seen)),
      seen,
    );
  assertNoSecret(lists.join('\n'), 'a process list');
  assertNoSecret(stdout + stderr, 'what the run printed');
  const kept = readdirSync(reports, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.\w+$/.test(name),
  );
  assert.ok(
    kept.some((name) => name.endsWith('run.json')) && kept.some((name) => name.endsWith('.gz')),
    kept.join(),
  );
  for (const name of kept) {
    const bytes = readFileSync(join(reports, name));
    assertNoSecret((name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString(), name);
  }
});

test('of a container only its environment has passwords: not its command, health check, labels or log', async () => {
  const all = await containers();
  const inEnvironment = all.flatMap(({ Config }) => Config.Env).join('\n');
  assert.ok(
    secrets().some(([, value]) => inEnvironment.includes(value)),
    'the test would find one',
  );
  for (const one of all) {
    assertNoSecret(
      JSON.stringify({ ...one, Config: { ...one.Config, Env: [] } }),
      `docker inspect ${one.Name}`,
    );
    const { stdout, stderr } = await docker('logs', one.Name.slice(1));
    assertNoSecret(stdout + stderr, `docker logs ${one.Name}`);
  }
});

test('passwords are kept where only their owner can read them', () => {
  const { dir } = lab();
  assert.equal(statSync(dir).mode & 0o777, 0o700);
  assert.equal(statSync(join(dir, '.env')).mode & 0o777, 0o600);
  for (const name of readdirSync(dir, { recursive: true, encoding: 'utf8' }))
    if (name !== '.env' && statSync(join(dir, name)).isFile())
      assertNoSecret(readFileSync(join(dir, name), 'utf8'), name);
});

test('every published port is on loopback', async () => {
  const bindings = (await containers()).flatMap(({ Name, HostConfig }) =>
    Object.values(HostConfig.PortBindings).flatMap((bound) =>
      (bound ?? []).map(({ HostIp }) => `${Name} ${HostIp}`),
    ),
  );
  assert.ok(bindings.length >= 13);
  assert.deepEqual(
    bindings.filter((one) => !one.endsWith(' 127.0.0.1')),
    [],
  );
});

test('no container is privileged or has Docker’s socket, and what sees the whole disk may not use it there', async () => {
  const all = await containers();
  assert.deepEqual(
    all.filter(({ HostConfig }) => HostConfig.Privileged).map(({ Name }) => Name),
    [],
  );
  const mounts = all.flatMap(({ Name, Mounts }) => Mounts.map((mount) => ({ Name, ...mount })));
  assert.deepEqual(
    mounts.filter(({ Source, Destination }) => /docker\.sock|^\/(var\/)?run/.test(Source + Destination)),
    [],
  );
  const whole = mounts.filter(({ Source }) => Source === '/');
  assert.deepEqual(
    whole.map(({ Name, RW }) => [Name, RW]),
    [[`/${LAB}-node-exporter`, false]],
  );

  // A read-only mount is no bar to a socket. As root, with the same mount, it answers.
  const exporter = all.find(({ Name }) => Name === `/${LAB}-node-exporter`)!;
  assert.deepEqual([exporter.Config.User, exporter.HostConfig.CapDrop], ['65534:65534', ['ALL']]);
  const ask = `import socket
s = socket.socket(socket.AF_UNIX)
s.connect("/rootfs/run/docker.sock")
s.sendall(b"GET /_ping HTTP/1.0\\r\\n\\r\\n")
print(s.recv(100))`;
  const as = (...options: string[]) =>
    docker(
      'run',
      '--rm',
      '-v',
      '/:/rootfs:ro',
      ...options,
      '--entrypoint',
      'python3',
      lab().wireImage!,
      '-c',
      ask,
    );
  assert.match((await as('--user', '0:0')).stdout, /200 OK/, 'the test would see it');
  const { code, stderr } = await as('--user', exporter.Config.User, '--cap-drop', 'ALL');
  assert.notEqual(code, 0);
  assert.match(stderr, /PermissionError/);
});
