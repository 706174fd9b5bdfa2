import assert from 'node:assert/strict';
import { test } from 'node:test';
import Docker from 'dockerode';
import { systemClock } from '../../../src/core/clock.ts';
import type { Lab } from '../../../src/core/lab.ts';
import { connectEngine } from '../../../src/docker/engine.ts';
import { planSwarm, refused } from '../../../src/run/swarm.ts';
import { undoSwarmLoad } from '../../../src/undo/swarm-load.ts';
import { type DockerSocket, fakeDaemon } from '../../support/docker-socket.ts';
import { scenarioFrom } from '../../support/plan.ts';

const NAMES = { service: 's', network: 'n', hub: 'h', attached: [] };
const engineAt = ({ path }: DockerSocket) =>
  connectEngine('chaos-mine', systemClock, new Docker({ socketPath: path }));

/** A careless daemon, or a proxy, that keeps to no filter: everything has our names, and bears the label of `project`. */
const swarmOf = (project: string | undefined) => {
  const Labels = project === undefined ? {} : { 'chaos.load': project };
  return fakeDaemon(({ method, path }) => {
    if (method !== 'GET') return {};
    if (path === '/services') return [{ ID: 'service', Spec: { Name: 's', Labels } }];
    if (path === '/networks') return [{ Id: 'network', Name: 'n', Labels }];
    if (path === '/containers/json') return [{ Id: 'hub', Names: ['/h'], Labels }];
    return undefined;
  });
};

test('only what bears the label of this lab’s loads is removed, whatever it is called', async () => {
  for (const project of [undefined, 'chaos-mine-2', 'other', '']) {
    await using socket = await swarmOf(project);
    const { restored } = await undoSwarmLoad(NAMES, { engine: engineAt(socket), clock: systemClock });
    assert.deepEqual(socket.acts(), []);
    assert.equal(restored, true);
  }
  await using socket = await swarmOf('chaos-mine');
  const { restored } = await undoSwarmLoad(NAMES, { engine: engineAt(socket), clock: systemClock });
  assert.deepEqual(socket.acts(), [
    'DELETE /services/service',
    'DELETE /containers/hub',
    'DELETE /networks/network',
  ]);
  // They are still listed, so they are not gone.
  assert.equal(restored, false);
});

test('a task is nobody, with no capability, mount or port, ends for good, and runs where its program can', async () => {
  let made: Record<string, unknown> = {};
  await using socket = await fakeDaemon(({ path, body }) => {
    if (path === '/info') return { Architecture: 'x86_64' };
    if (path === '/services/create') made = JSON.parse(body);
    return { ID: 'made' };
  });
  const service = {
    name: 's',
    image: 'i',
    command: ['x'],
    environment: { A: 'b' },
    network: 'n',
    replicas: 3,
  };
  await engineAt(socket).swarm.startService(service);
  const { ContainerSpec, Resources, RestartPolicy, Placement, Networks } = made.TaskTemplate as Record<
    string,
    Record<string, unknown>
  >;
  for (const absent of ['Mounts', 'CapabilityAdd', 'Privileges', 'Secrets', 'Configs'])
    assert.equal(ContainerSpec![absent], undefined, absent);
  assert.deepEqual(
    [ContainerSpec!.User, ContainerSpec!.CapabilityDrop, ContainerSpec!.ReadOnly],
    ['nobody', ['ALL'], true],
  );
  assert.deepEqual(Resources!.Limits, { NanoCPUs: 1e9, MemoryBytes: 512 * 1024 * 1024, Pids: 128 });
  assert.equal(RestartPolicy!.Condition, 'none');
  assert.deepEqual(Placement!.Constraints, ['node.platform.os == linux', 'node.platform.arch == x86_64']);
  assert.deepEqual(Networks, [{ Target: 'n' }]);
  assert.deepEqual(made.EndpointSpec, { Mode: 'dnsrr' });
  assert.deepEqual(made.Mode, { Replicated: { Replicas: 3 } });
});

const lab = { ports: { NGINX_PORT: 8080, API_PORT: 5000 } } as Lab;
const scenario = (url: string) =>
  scenarioFrom(
    `name: x\ntitle: t\nbaseline: 1m\nwatch: 1m\ntraffic: { connections: 1, url: /a }\ntimeline: [{ load: { url: "${url}", stages: [{ to: 1, over: 1m }] } }]\n`,
  );
const node = (name: string, Availability: string, State: string, Architecture: string) => ({
  ID: name,
  Spec: { Availability },
  Status: { State },
  Description: { Hostname: name, Platform: { Architecture, OS: 'linux' } },
});

test('what takes no tasks is left out; one generator a machine, unless more are asked for', async () => {
  await using socket = await fakeDaemon(({ path }) => {
    if (path === '/info') return { Architecture: 'x86_64' };
    return [
      node('one', 'active', 'ready', 'x86_64'),
      node('drained', 'drain', 'ready', 'x86_64'),
      node('down', 'active', 'down', 'x86_64'),
      node('arm', 'active', 'ready', 'aarch64'),
      node('two', 'active', 'ready', 'x86_64'),
    ];
  });
  const plan = await planSwarm(scenario('http://api:5000/x'), lab, engineAt(socket), {
    generators: undefined,
  });
  assert.deepEqual(plan, {
    generators: 2,
    nodes: ['one', 'two'],
    services: ['nginx', 'api'],
    internal: true,
  });
  assert.equal((await planSwarm(scenario('/x'), lab, engineAt(socket), { generators: 7 })).generators, 7);
  await assert.rejects(
    planSwarm(scenario('http://127.0.0.1:9/x'), lab, engineAt(socket), { generators: 1 }),
    {
      kind: 'usage',
      message: /another machine for each load generator/,
    },
  );
  assert.deepEqual(socket.acts(), []);
});

test('an engine that manages no Swarm, and one whose machines take nothing, are told', async () => {
  await using none = await fakeDaemon(({ path }) =>
    path === '/info' ? { Architecture: 'x86_64' } : [node('d', 'drain', 'ready', 'x86_64')],
  );
  await assert.rejects(planSwarm(scenario('/x'), lab, engineAt(none), { generators: 1 }), {
    kind: 'not-ready',
    message: /None of the Swarm's 1 machines takes tasks/,
  });
});

test('machines that lack the image are named, each once, and how it comes there; others with Docker’s own word', () => {
  const task = (slot: number, on: string, state: string, error = '') => ({ slot, node: on, state, error });
  const lacking = 'No such image: chaos-generator:1';
  const error = refused(
    [
      task(1, 'one', 'rejected', lacking),
      task(2, 'two', 'rejected', lacking),
      task(3, 'one', 'rejected', lacking),
      task(4, 'three', 'failed', 'task: non-zero exit (137)'),
      task(5, '', 'pending', 'no suitable node (insufficient resources on 3 nodes)'),
      task(6, 'four', 'preparing'),
    ],
    'chaos-generator:1',
  );
  assert.equal(
    error.message,
    'Not every load generator came up: one does not have the image chaos-generator:1; two does not have the image ' +
      'chaos-generator:1; three: task: non-zero exit (137); no machine takes one: no suitable node (insufficient ' +
      'resources on 3 nodes); four: its task is preparing.',
  );
  assert.match(error.hint ?? '', /docker save chaos-generator:1 \| ssh one docker load/);
  assert.equal(error.exitCode, 3);
});
