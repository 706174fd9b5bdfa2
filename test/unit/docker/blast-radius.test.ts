import assert from 'node:assert/strict';
import { test } from 'node:test';
import Docker from 'dockerode';
import { systemClock } from '../../../src/core/clock.ts';
import { environmentFor } from '../../../src/docker/compose.ts';
import { connectEngine, type Engine } from '../../../src/docker/engine.ts';
import { type DockerSocket, fakeDaemon } from '../../support/docker-socket.ts';

const PROJECT = 'com.docker.compose.project';
const SERVICE = 'com.docker.compose.service';
const container = (id: string, labels: Record<string, string>) => ({
  Id: id,
  Labels: labels,
  State: 'running',
});

/** Containers that are not the lab's, some of them very like its own. */
const FOREIGN = [
  container('of-another-project', { [PROJECT]: 'other', [SERVICE]: 'api' }),
  container('of-no-project', { [SERVICE]: 'api' }),
  container('of-a-longer-project', { [PROJECT]: 'chaos-mine-2', [SERVICE]: 'api' }),
  container('helper-of-another', {
    [PROJECT]: 'other',
    [SERVICE]: 'chaos-cpu-hog',
    'chaos.helper': 'chaos-cpu-hog',
  }),
];
const OURS = container('ours', { [PROJECT]: 'chaos-mine', [SERVICE]: 'api' });
const OUR_HELPER = container('our-helper', {
  [PROJECT]: 'chaos-mine',
  [SERVICE]: 'chaos-cpu-hog',
  'chaos.helper': 'chaos-cpu-hog',
});

/** A daemon with some containers, which keeps to label filters or, as a careless proxy might, does not. */
function daemon(all: typeof FOREIGN, { filters }: { filters: boolean }): Promise<DockerSocket> {
  return fakeDaemon(({ method, path, query }) => {
    if (path === '/containers/json') {
      const { label = [] } = JSON.parse(query.get('filters') ?? '{}') as { label?: string[] };
      const wanted = ({ Labels }: (typeof FOREIGN)[number]) =>
        label.every((one) => {
          const [name = '', ...value] = one.split('=');
          return value.length > 0 ? Labels[name] === value.join('=') : name in Labels;
        });
      return filters ? all.filter(wanted) : all;
    }
    if (path.endsWith('/json'))
      return {
        Id: path.split('/')[2],
        Image: 'sha256:1',
        State: { Running: true, Paused: path.includes('paused'), StartedAt: '2026-01-01T00:00:00Z' },
        NetworkSettings: { Networks: { lab: { Aliases: ['api'], IPAddress: '172.18.0.2' } } },
        HostConfig: {},
      };
    if (path === '/containers/create') return { Id: 'made' };
    return method === 'GET' ? undefined : {};
  });
}
const engineAt = ({ path }: DockerSocket) =>
  connectEngine('chaos-mine', systemClock, new Docker({ socketPath: path }));

const ACTS: Record<string, (engine: Engine, service: string) => Promise<unknown>> = {
  stop: (engine, service) => engine.stop(service),
  start: (engine, service) => engine.start(service),
  kill: (engine, service) => engine.kill(service, 'SIGKILL'),
  restart: (engine, service) => engine.restart(service),
  pause: (engine, service) => engine.pause(service),
  unpause: (engine, service) => engine.unpause(service),
  disconnect: (engine, service) => engine.disconnect(service, 'lab'),
  connect: (engine, service) => engine.connect(service, { network: 'another', aliases: [], address: '' }),
  setCpuLimit: (engine, service) => engine.setCpuLimit(service, { quotaUs: 1000, periodUs: 100_000 }),
  exec: (engine, service) => engine.exec(service, ['true']),
  leaveRunning: (engine, service) => engine.leaveRunning(service, ['true']),
  'startHelper, its image': (engine, service) =>
    engine.startHelper({ name: 'h', image: { of: service }, command: ['true'] }),
  'startHelper, its network': (engine, service) =>
    engine.startHelper({ name: 'h', image: { tag: 'x' }, command: ['true'], network: { of: service } }),
  runHelper: (engine, service) => engine.runHelper({ name: 'h', image: { of: service }, command: ['true'] }),
};

for (const filters of [true, false]) {
  test(`no verb acts on a container without the lab's label, ${filters ? 'nor' : 'even'} where filters ${filters ? 'count' : 'are ignored'}`, async () => {
    await using socket = await daemon(FOREIGN, { filters });
    const engine = engineAt(socket);
    for (const [name, act] of Object.entries(ACTS))
      for (const service of ['api', 'of-another-project', 'api"]', `api,${PROJECT}=other`, '../other', ''])
        await assert.rejects(act(engine, service), { kind: 'not-ready' }, `${name} ${service}`);
    await engine.removeHelpers('chaos-cpu-hog');
    await engine.removeHelpers();
    assert.equal(await engine.countHelpers('chaos-cpu-hog'), 0);
    assert.deepEqual(socket.acts(), []);
  });
}

test('beside foreign ones, only the lab’s own container is acted on', async () => {
  await using socket = await daemon([...FOREIGN, OURS, OUR_HELPER], { filters: false });
  const engine = engineAt(socket);
  await engine.stop('api');
  await engine.pause('api');
  await engine.disconnect('api', 'lab');
  await engine.removeHelpers();
  const acts = socket.acts();
  assert.deepEqual(acts.slice(0, 3), [
    'POST /containers/ours/stop',
    'POST /containers/ours/pause',
    'POST /networks/lab/disconnect',
  ]);
  assert.deepEqual(acts.slice(3), ['POST /containers/our-helper/stop', 'DELETE /containers/our-helper']);
});

test('a helper has no mount, no privilege, and no network but the one it is for', async () => {
  const made: { HostConfig: Record<string, unknown>; User: string; Labels: Record<string, string> }[] = [];
  await using socket = await fakeDaemon(({ path, body }) => {
    if (path === '/containers/create') made.push(JSON.parse(body));
    if (path === '/containers/json') return [OURS];
    return path === '/containers/create' ? { Id: 'made' } : { State: {}, NetworkSettings: { Networks: {} } };
  });
  await engineAt(socket).startHelper({ name: 'h', image: { tag: 'x' }, command: ['true'] });
  const [{ HostConfig, User, Labels }] = made as [(typeof made)[0]];
  for (const absent of ['Binds', 'Mounts', 'Privileged', 'PidMode', 'Devices', 'SecurityOpt', 'PortBindings'])
    assert.equal(HostConfig[absent], undefined, absent);
  assert.deepEqual(
    [HostConfig.NetworkMode, HostConfig.CapDrop, HostConfig.CapAdd, User],
    ['none', ['ALL'], [], 'nobody'],
  );
  assert.equal(Labels[PROJECT], 'chaos-mine');
});

test('compose is not told what the shell has exported under the name of one of the lab’s variables', () => {
  const ours = {
    PATH: '/bin',
    POSTGRES_PASSWORD: 'of the user',
    COMPOSE_FILE: 'other.yml',
    DOCKER_HOST: 'unix:///x',
  };
  assert.deepEqual(environmentFor(ours, { POSTGRES_PASSWORD: 'of the lab', LAB: 'x' }), {
    PATH: '/bin',
    DOCKER_HOST: 'unix:///x',
  });
});
