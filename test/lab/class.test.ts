import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { openHost } from '../../src/docker/host.ts';
import type { GradeOne } from '../../src/grade/class/grade-one.ts';
import { begun, classOf, gradeAll, gradeWith } from '../support/class.ts';
import { noSecondEngine, startSecondEngine } from '../support/second-engine.ts';
import { noSshServer, startSshServer } from '../support/ssh-server.ts';

// What is asked of an engine here is whose it is; grading a stack that runs on it has tests of its own.
test('a class on three engines, one of them by ssh and one that is down: each stack on its own, none twice', {
  skip: noSecondEngine || noSshServer,
}, async () => {
  await using second = await startSecondEngine();
  await using server = await startSshServer();
  const { PATH } = process.env;
  process.env.PATH = `${server.path}:${PATH}`;
  const names = Array.from({ length: 8 }, (_, i) => `s${i}`);
  const rooms = ['here', 'there', 'afar', 'down'];
  const made = classOf(`hosts:
  here: { at: default, limit: 2 }
  there: { at: '${second.url}', limit: 1 }
  afar: { at: 'ssh://${server.host}${second.socket}', limit: 2 }
  down: { at: 'unix:///nowhere.sock' }
stacks:
${names.map((name, i) => `  - { name: ${name}, host: ${rooms[i % 4]}, project: ${name} }\n`).join('')}`);
  const seen = new Map<string, string>();
  const gradeOne: GradeOne = async ({ name }, { host, signal }) => {
    await pause(300, undefined, { signal });
    const { DockerRootDir } = (await host!.docker.info()) as { DockerRootDir: string };
    seen.set(name, DockerRootDir.startsWith(dirname(second.socket)) ? 'second' : 'first');
    return gradeWith(80);
  };
  try {
    const interrupt = new AbortController();
    const stopping: GradeOne = async (entry, context) => {
      const grade = await gradeOne(entry, context);
      if (seen.size >= 3) interrupt.abort(new Error('interrupted'));
      return grade;
    };
    const opened = (at: string, signal: AbortSignal) => openHost(at, { signal });
    const first = await gradeAll(made, stopping, { openHost: opened, signal: interrupt.signal });
    const finished = first.stacks.flatMap((one) => ('grade' in one ? [one.name] : []));
    assert.ok(finished.length >= 3 && finished.length < 6, finished.join());
    const again = await gradeAll(made, gradeOne, { openHost: opened });
    assert.deepEqual(
      begun(again.events).filter((name) => finished.includes(name)),
      [],
    );
    const expected = names.map((_, i) => ['first', 'second', 'second', undefined][i % 4]);
    assert.deepEqual(
      names.map((name) => seen.get(name)),
      expected,
    );
    const without = again.stacks.flatMap((one) => ('reason' in one ? [`${one.name}: ${one.reason}`] : []));
    assert.deepEqual(
      without.map((one) => one.replace(/ does not answer: .*/, '')),
      ['s3: The Docker engine unix:///nowhere.sock', 's7: The Docker engine unix:///nowhere.sock'],
    );
  } finally {
    process.env.PATH = PATH;
  }
});
