import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { ChaosError } from '../../../src/core/errors.ts';
import { endpointOf } from '../../../src/docker/endpoint.ts';

const LOCAL = { kind: 'unix', path: '/var/run/docker.sock' };

/** A folder as the docker command line keeps it. */
function config(contexts: Record<string, object>, current?: string): string {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-'));
  if (current)
    writeFileSync(join(dir, 'config.json'), JSON.stringify({ auths: {}, currentContext: current }));
  for (const [name, docker] of Object.entries(contexts)) {
    const id = createHash('sha256').update(name).digest('hex');
    mkdirSync(join(dir, 'contexts/meta', id), { recursive: true });
    const meta = { Name: name, Metadata: {}, Endpoints: { docker } };
    writeFileSync(join(dir, 'contexts/meta', id, 'meta.json'), JSON.stringify(meta));
  }
  return dir;
}

const at = (spec: string | undefined, env: Record<string, string> = {}) =>
  endpointOf(spec, { DOCKER_CONFIG: '/nonexistent', ...env });

function refusal(spec: string | undefined, env: Record<string, string> = {}): ChaosError {
  try {
    at(spec, env);
  } catch (error) {
    return error as ChaosError;
  }
  throw new assert.AssertionError({ message: `${spec} is taken` });
}

test('with nothing named: DOCKER_HOST, then DOCKER_CONTEXT, then the current context, then the local socket', () => {
  const DOCKER_CONFIG = config(
    { one: { Host: 'unix:///one.sock' }, two: { Host: 'unix:///two.sock' } },
    'one',
  );
  const env = { DOCKER_HOST: 'unix:///host.sock', DOCKER_CONTEXT: 'two', DOCKER_CONFIG };
  const seen = (given: Record<string, string>) => {
    const { name, endpoint } = at(undefined, given);
    return [name, (endpoint as { path: string }).path];
  };
  assert.deepEqual(seen(env), ['unix:///host.sock', '/host.sock']);
  assert.deepEqual(seen({ ...env, DOCKER_HOST: '' }), ['two', '/two.sock']);
  assert.deepEqual(seen({ DOCKER_CONFIG }), ['one', '/one.sock']);
  assert.deepEqual(seen({}), ['default', LOCAL.path]);
  assert.deepEqual(seen({ DOCKER_CONTEXT: 'default', DOCKER_CONFIG }), ['default', LOCAL.path]);
});

test('what is named comes before every variable; default is DOCKER_HOST, as the docker command line has it', () => {
  const env = { DOCKER_HOST: 'tcp://10.0.0.9', DOCKER_CONFIG: config({ one: { Host: 'unix:///one.sock' } }) };
  assert.deepEqual(at('unix:///x.sock', env).endpoint, { kind: 'unix', path: '/x.sock' });
  assert.deepEqual(at('one', env), { name: 'one', endpoint: { kind: 'unix', path: '/one.sock' } });
  assert.deepEqual(at('default', env), {
    name: 'default',
    endpoint: { kind: 'tcp', host: '10.0.0.9', port: 2375 },
  });
});

test('URLs: user, port, another socket, IPv6, and a DOCKER_HOST without a scheme', () => {
  const endpoint = (spec: string) => at(spec).endpoint;
  assert.deepEqual(endpoint('ssh://lab-b'), { kind: 'ssh', host: 'lab-b', socket: LOCAL.path });
  assert.deepEqual(endpoint('ssh://teacher@lab-b:2222/run/user/1000/docker.sock'), {
    kind: 'ssh',
    host: 'lab-b',
    user: 'teacher',
    port: 2222,
    socket: '/run/user/1000/docker.sock',
  });
  assert.deepEqual(endpoint('tcp://[::1]:99'), { kind: 'tcp', host: '::1', port: 99 });
  assert.deepEqual(at(undefined, { DOCKER_HOST: 'lab:99' }).endpoint, { kind: 'tcp', host: 'lab', port: 99 });
});

test('TLS is what the variables or the context say, and a context does not take the variables’', () => {
  const certs = mkdtempSync(join(tmpdir(), 'chaos-'));
  for (const name of ['ca', 'cert', 'key']) writeFileSync(join(certs, `${name}.pem`), name);
  const asked = { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: certs };
  const [ca, cert, key] = ['ca', 'cert', 'key'].map((text) => Buffer.from(text));
  const tls = { dir: certs, verify: true, ca, cert, key };
  assert.deepEqual(at('tcp://lab', asked).endpoint, { kind: 'tcp', host: 'lab', port: 2376, tls });
  const unchecked = at('tcp://lab', { DOCKER_TLS: '1', DOCKER_CERT_PATH: certs }).endpoint;
  assert.equal(unchecked.kind === 'tcp' && unchecked.tls?.verify, false);

  const DOCKER_CONFIG = config({
    plain: { Host: 'tcp://lab:1' },
    lax: { Host: 'tcp://lab:1', SkipTLSVerify: true },
  });
  assert.deepEqual(at('plain', { ...asked, DOCKER_CONFIG }).endpoint, { kind: 'tcp', host: 'lab', port: 1 });
  const lax = at('lax', { DOCKER_CONFIG }).endpoint;
  assert.equal(lax.kind === 'tcp' && lax.tls?.verify, false);

  const half = mkdtempSync(join(tmpdir(), 'chaos-'));
  writeFileSync(join(half, 'cert.pem'), 'cert');
  assert.match(refusal('tcp://lab', { ...asked, DOCKER_CERT_PATH: half }).message, /one is missing/);
});

test('what ssh would take for an option is no host and no user', () => {
  for (const spec of [
    'ssh://-oProxyCommand=x',
    'ssh://-x@lab',
    'ssh://%2DoProxyCommand=x@lab',
    'ssh://a;b',
    'ssh://',
  ])
    assert.equal(refusal(spec).kind, 'usage', spec);
});

test('what names no engine is refused with what would, and a context with the nearest', () => {
  for (const spec of [
    'http://lab',
    'unix://relative',
    'tcp://',
    'tcp://lab/x',
    'ssh://me:secret@lab',
    'tcp://lab:x',
  ])
    assert.match(
      `${refusal(spec).message} ${refusal(spec).hint}`,
      /names no Docker engine: .* ssh:\/\//,
      spec,
    );
  const DOCKER_CONFIG = config({ 'room-b': { Host: 'unix:///b.sock' } });
  const { kind, message, hint } = refusal('room-a', { DOCKER_CONFIG });
  assert.deepEqual(
    [kind, message, hint],
    ['usage', 'There is no Docker context room-a.', 'did you mean room-b?'],
  );
});

test('a broken file of Docker’s is named', () => {
  const DOCKER_CONFIG = config({}, 'x');
  writeFileSync(join(DOCKER_CONFIG, 'config.json'), '{"currentContext": 1}');
  const { kind, message } = refusal(undefined, { DOCKER_CONFIG });
  assert.equal(kind, 'bad-file');
  assert.ok(message.startsWith(join(DOCKER_CONFIG, 'config.json')), message);
});
