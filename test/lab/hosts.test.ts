import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { PACKAGE_DIR } from '../../src/core/paths.ts';
import { type DockerHost, openHost } from '../../src/docker/host.ts';
import { start } from '../support/lab.ts';
import { noSecondEngine, type SecondEngine, startSecondEngine } from '../support/second-engine.ts';
import { serve } from '../support/server.ts';
import { noSshServer, startSshServer } from '../support/ssh-server.ts';

let second: SecondEngine;
const skip = noSecondEngine;

before(async () => {
  if (!skip) second = await startSecondEngine({ tls: true });
});
after(async () => {
  if (!skip) await second[Symbol.asyncDispose]();
});

/** Whose data it keeps tells two engines of one machine apart. */
const rootOf = async ({ docker }: DockerHost) =>
  ((await docker.info()) as { DockerRootDir: string }).DockerRootDir;
const isSecond = async (host: DockerHost) => (await rootOf(host)).startsWith(dirname(second.socket));

/** The docker command line says the same of whom it speaks to, with a host's environment. */
async function cliRoot({ env }: DockerHost): Promise<string> {
  const { stdout, stderr } = await start('docker', ['info', '--format', '{{.DockerRootDir}}'], env).ended;
  assert.equal(stderr, '');
  return stdout.trim();
}

test('two engines by their sockets, whatever DOCKER_HOST says', { skip }, async () => {
  const first = await openHost(undefined, { env: {} });
  assert.equal(await isSecond(first), false);
  for (const env of [{}, { DOCKER_HOST: 'tcp://127.0.0.1:1', DOCKER_TLS_VERIFY: '1' }]) {
    const host = await openHost(second.url, { env });
    assert.equal(await isSecond(host), true);
    assert.equal(await cliRoot(host), await rootOf(host));
    assert.deepEqual(await host.reach(9090), { host: '127.0.0.1', port: 9090 });
  }
  const named = await openHost(undefined, { env: { DOCKER_HOST: second.url } });
  assert.deepEqual([named.name, await isSecond(named)], [second.url, true]);
});

test('TLS: from the environment and from a context; without our certificate, or with a stranger’s authority, nothing', {
  skip,
}, async () => {
  const { url, port, certificates } = second.tls!;
  const asked = { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certificates.client };
  const byEnv = await openHost(url, { env: asked });
  assert.equal(await isSecond(byEnv), true);
  assert.equal(await cliRoot(byEnv), await rootOf(byEnv));
  assert.deepEqual(await byEnv.reach(9090), { host: '127.0.0.1', port: 9090 });

  const config = mkdtempSync(join(tmpdir(), 'chaos-'));
  const docker = (...args: string[]) => execFileSync('docker', ['--config', config, ...args]);
  const files = ['ca', 'cert', 'key'].map((name) => `${name}=${join(certificates.client, `${name}.pem`)}`);
  docker('context', 'create', 'lab-tls', '--docker', `host=tcp://localhost:${port},${files.join(',')}`);
  const byContext = await openHost('lab-tls', { env: { DOCKER_CONFIG: config } });
  assert.deepEqual(
    [byContext.name, byContext.address, await isSecond(byContext)],
    ['lab-tls', 'localhost', true],
  );
  assert.equal(await cliRoot(byContext), await rootOf(byContext));
  docker('context', 'use', 'lab-tls');
  assert.equal(await isSecond(await openHost(undefined, { env: { DOCKER_CONFIG: config } })), true);

  const refused = (env: Record<string, string>) =>
    assert.rejects(openHost(url, { env }), { kind: 'not-ready', message: /does not answer/ });
  await refused({});
  const stranger = mkdtempSync(join(tmpdir(), 'chaos-'));
  cpSync(join(certificates.client, 'ca.pem'), join(stranger, 'ca.pem'));
  await refused({ ...asked, DOCKER_CERT_PATH: stranger });
  cpSync(certificates.client, stranger, { recursive: true });
  cpSync(join(certificates.client, 'cert.pem'), join(stranger, 'ca.pem'));
  await refused({ ...asked, DOCKER_CERT_PATH: stranger });
});

/** Processes whose command line has this in it, ourselves and `ps` left out. */
function running(part: string): string[] {
  const lines = execFileSync('ps', ['axww', '-o', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  return lines.filter((line) => line.includes(part) && !line.includes('ps axww'));
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const late = Date.now() + 5000; !holds(); await pause(50)) assert.ok(Date.now() < late, what);
}

test('ssh: the engine and a far port through one connection, which ends with whoever opened it', {
  skip: skip || noSshServer,
}, async () => {
  await using server = await startSshServer();
  await using far = await serve((_, response) => response.end('here I am'));
  const { PATH } = process.env;
  process.env.PATH = `${server.path}:${PATH}`;
  try {
    const spec = `ssh://${server.host}${second.socket}`;
    const host = await openHost(spec);
    assert.deepEqual([host.name, await isSecond(host)], [spec, true]);
    assert.equal(await cliRoot(host), await rootOf(host));
    const [one, same] = await Promise.all([host.reach(far.port), host.reach(far.port)]);
    assert.deepEqual(one, same);
    assert.notEqual(one.port, far.port);
    assert.equal(await (await fetch(`http://${one.host}:${one.port}/`)).text(), 'here I am');
    const folder = dirname(host.env.DOCKER_HOST!.replace('unix://', ''));
    assert.equal(running(folder).length > 0, true);
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    await host.close();
    await until('the tunnel ends', () => running(folder).length === 0 && !existsSync(folder));
    await assert.rejects(fetch(`http://${one.host}:${one.port}/`));

    await assert.rejects(openHost(`ssh://${server.host}/nowhere.sock`), {
      message: /does not answer: .*open failed/,
    });
    await assert.rejects(openHost(`ssh://nobody@${server.host}`), { message: /Permission denied/ });
    await killed(spec);
  } finally {
    process.env.PATH = PATH;
  }
});

/** kill -9 of the process that holds a tunnel, with a stream open through it. */
async function killed(spec: string): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-'));
  const file = join(dir, 'holds.mjs');
  const module = join(PACKAGE_DIR, '.build/src/docker/host.js');
  writeFileSync(
    file,
    `import { openHost } from ${JSON.stringify(module)};
const host = await openHost(${JSON.stringify(spec)});
(await host.docker.getEvents()).on('data', () => {});
console.log(host.env.DOCKER_HOST);
setInterval(() => {}, 1000);`,
  );
  const child = spawn(process.execPath, [file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(child.stdout!, 'data')) as [Buffer];
  const folder = dirname(said.toString().trim().replace('unix://', ''));
  assert.equal(running(folder).length > 0, true);
  child.kill('SIGKILL');
  await until('nothing is left of it', () => running(folder).length === 0 && !existsSync(folder));
}

test('ssh: a host whose key is not known is no host to speak to', { skip: skip || noSshServer }, async () => {
  await using server = await startSshServer({ known: false });
  const { PATH } = process.env;
  process.env.PATH = `${server.path}:${PATH}`;
  const before = readdirSync(tmpdir()).filter((name) => name.startsWith('chaos-ssh-'));
  try {
    await assert.rejects(openHost(`ssh://${server.host}`), {
      kind: 'not-ready',
      message: /Host key verification failed/,
    });
  } finally {
    process.env.PATH = PATH;
  }
  assert.deepEqual(
    readdirSync(tmpdir()).filter((name) => name.startsWith('chaos-ssh-')),
    before,
  );
});

const COMPOSE = (image: string, port: number) => `version: '2.4'
services:
  web: { image: '${image}', entrypoint: [python3, -m, http.server, '8000'], ports: ['127.0.0.1:${port}:8000'] }
  asks: { image: '${image}', entrypoint: [sleep, '600'] }
`;

test('a compose project on the second engine: its containers hear each other, and its port answers here', {
  skip,
}, async () => {
  const { lab } = await import('../support/lab.ts');
  const { freePort } = await import('../../src/core/free-port.ts');
  const image = lab().wireImage!;
  await second.copyImage(image);
  const port = await freePort();
  const dir = join(mkdtempSync(join(tmpdir(), 'chaos-')), 'two');
  mkdirSync(dir);
  writeFileSync(join(dir, 'docker-compose.yml'), COMPOSE(image, port));
  const { env } = await openHost(second.url);
  const { composeFlavour } = await import('../../src/docker/compose.ts');
  const [program, ...first] = composeFlavour()!.split(' ') as [string, ...string[]];
  const compose = (...args: string[]) =>
    start(
      program,
      [...first, '--project-directory', dir, '-f', join(dir, 'docker-compose.yml'), ...args],
      env,
    ).ended;
  assert.equal((await compose('up', '-d')).code, 0);
  try {
    const ask = 'import urllib.request as u; print(u.urlopen("http://web:8000", timeout=5).status)';
    let said = '';
    for (let i = 0; i < 50 && !said.includes('200'); i++, await pause(100))
      said = (await compose('exec', '-T', 'asks', 'python3', '-c', ask)).stdout;
    assert.equal(said.trim(), '200');
    assert.equal((await fetch(`http://127.0.0.1:${port}/`)).status, 200);
    assert.equal(
      (await start('docker', ['ps', '-q', '--filter', 'label=com.docker.compose.project=two']).ended).stdout,
      '',
    );
  } finally {
    await compose('down', '-t', '1');
  }
});
