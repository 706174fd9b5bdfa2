import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { LAB_PORTS } from '../../../src/core/lab.ts';
import { readEnvironment } from '../../../src/core/lab-environment.ts';
import { nodeFinding, sizeFinding } from '../../../src/stack/doctor.ts';
import { choosePorts, formatEnvironment, passwords, portIsFree } from '../../../src/stack/environment.ts';
import { labDir, loadLab } from '../../../src/stack/lab-file.ts';
import { serve } from '../../support/server.ts';

const free = async () => true;

/** As the next `chaos up` reads what this one has written. */
function readBack(variables: Record<string, string | number>): Record<string, string> {
  const file = join(mkdtempSync(join(tmpdir(), 'chaos-')), '.env');
  writeFileSync(file, formatEnvironment(variables));
  return readEnvironment(file);
}

test('the usual lab has the ports everyone knows', async () => {
  const ports = await choosePorts('techshop', {}, free);
  assert.equal(ports.PROMETHEUS_PORT, 9090);
  assert.deepEqual(Object.keys(ports).sort(), Object.keys(LAB_PORTS).sort());
});

test('a taken port of the usual lab is named, with a way out', async () => {
  await assert.rejects(
    choosePorts('techshop', {}, async (port) => port !== 9090 && port !== 5432),
    {
      message: 'Ports 5432, 9090 are taken by another program.',
    },
  );
});

test('another lab takes the first block that is free as a whole', async () => {
  const ports = Object.values(await choosePorts('second', {}, async (port) => port !== 20_003));
  assert.ok(
    ports.every((port) => port >= 20_020 && port < 20_040),
    ports.join(),
  );
  assert.equal(new Set(ports).size, ports.length);
});

test('a lab keeps its ports and passwords', async () => {
  const ports = await choosePorts('second', {}, free);
  const first = passwords({});
  const before = readBack({ ...ports, ...first });
  assert.deepEqual(await choosePorts('second', before, async () => false), ports);
  assert.deepEqual(passwords(before), first);
});

test('a lab from before a port was added keeps those it has, though it occupies them itself', async () => {
  for (const name of ['techshop', 'second']) {
    const { LOKI_PORT: added, ...had } = await choosePorts(name, {}, free);
    const before = readBack(had);
    const ours = new Set<number>(Object.values(had));
    const now = await choosePorts(name, before, async (port) => !ours.has(port));
    assert.deepEqual(now, { ...had, LOKI_PORT: added }, name);
  }
});

test('passwords are long, different, and safe in a URL and in YAML', () => {
  const made = Object.values(passwords({}));
  assert.equal(new Set(made).size, made.length);
  for (const one of made) assert.match(one, /^[A-Za-z0-9]{21}$/);
});

test('a port somebody listens on is not free', async () => {
  await using server = await serve((_, response) => response.end());
  assert.equal(await portIsFree(server.port), false);
});

test('a lab’s name is safe as a folder and as a container', () => {
  for (const name of ['', '../x', 'A', 'a b', '-a', 'a'.repeat(32)])
    assert.throws(() => labDir(name), { kind: 'usage' }, name);
  assert.throws(() => loadLab('no-such-lab'), { kind: 'not-ready' });
});

test('the doctor knows an old Node and a small disk', () => {
  assert.equal(nodeFinding('20.19.0').state, 'ok');
  assert.equal(nodeFinding('22.0.0').state, 'ok');
  assert.deepEqual([nodeFinding('20.18.9').state, nodeFinding('18.20.0').state], ['missing', 'missing']);
  assert.equal(sizeFinding('disk', 4, 4, 'x').state, 'ok');
  assert.equal(sizeFinding('disk', 3.9, 4, 'x').mend, 'x');
});
