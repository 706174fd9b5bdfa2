import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { systemClock } from '../../../src/core/clock.ts';
import { composeError } from '../../../src/docker/compose.ts';
import { connectImages, daemonDown } from '../../../src/docker/images.ts';
import { jsonLines } from '../../../src/docker/json-lines.ts';

// What the programs really print, cut down to the lines that matter.
const SAID: [RegExp, string][] = [
  [
    /Port 9090 is taken/,
    'ERROR: for prometheus  Cannot start service prometheus: driver failed programming external connectivity on endpoint x: Bind for 127.0.0.1:9090 failed: port is already allocated',
  ],
  [
    /Port 5000 is taken/,
    'Error response from daemon: failed to set up container networking: listen tcp4 127.0.0.1:5000: bind: address already in use',
  ],
  [/disk is full/, 'ERROR: for api  write /var/lib/docker/tmp/x: no space left on device'],
  [
    /daemon does not answer/,
    'Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
  ],
  [
    /could not be had from the registry/,
    'Error response from daemon: manifest for nginx:9.9 not found: manifest unknown',
  ],
  [/service "x" has neither/, 'line one\nerror: service "x" has neither an image nor a build context\n'],
];

test('what compose says becomes one sentence with a mend, exit 3', () => {
  for (const [sentence, output] of SAID) {
    const error = composeError(output);
    assert.match(error.message, sentence);
    assert.ok(!error.message.includes('\n'));
    assert.ok(error.hint);
    assert.equal(error.exitCode, 3);
  }
});

test('no daemon, a forbidden one and a broken one are told apart', () => {
  const told = (code: string) => daemonDown(Object.assign(new Error('x'), { code })).message;
  assert.match(told('ENOENT'), /No Docker daemon answers/);
  assert.match(told('ECONNREFUSED'), /No Docker daemon answers/);
  assert.match(told('EACCES'), /may not use/);
  assert.match(told('EPROTO'), /does not answer as it should/);
});

test('a daemon that is not there is not ready, not a crash', async () => {
  const { default: Docker } = await import('dockerode');
  const images = connectImages(new Docker({ socketPath: '/nonexistent/docker.sock' }));
  await assert.rejects(images.ping(), /No Docker daemon answers/);
  await assert.rejects(images.exists('x:y'), /No Docker daemon answers/);
  assert.equal(await images.registryHas('x:y', systemClock), false);
});

test('JSON lines are put together from any chunks', async () => {
  const documents: unknown[] = [];
  for await (const one of jsonLines(Readable.from(['{"a"', ':1}\n{"b":2}', '\n\n', '{"c":3}'])))
    documents.push(one);
  assert.deepEqual(documents, [{ a: 1 }, { b: 2 }, { c: 3 }]);
});
