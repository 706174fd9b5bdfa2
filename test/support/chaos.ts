import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { MessageChannel, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { PACKAGE_DIR } from '../../src/core/paths.ts';

/** Where the tests have their bundle, so that none of them replaces one in dist that is running an incident. */
export const BUNDLE = join(PACKAGE_DIR, '.build/bundle');

export interface Said {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** The bundled command line, as a user would run it from the package's folder. */
export const chaos = (...args: string[]): Said => chaosIn(PACKAGE_DIR, ...args);

/**
 * The same from another folder. One thread runs one command line after the other, as most of what a process of its own
 * costs is to load Node and our libraries anew.
 */
export function chaosIn(folder: string, ...args: string[]): Said {
  host ??= newHost();
  const back = process.cwd();
  // A thread has the folder of its process, which does nothing else meanwhile.
  process.chdir(folder);
  try {
    return host(args);
  } finally {
    process.chdir(back);
  }
}

/** In a process of its own, with more in its environment: what only a process shows. */
export function chaosWith(env: Record<string, string>, ...args: string[]): Said {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(BUNDLE, 'cli/main.js'), ...args], {
    cwd: PACKAGE_DIR,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  return { status, stdout, stderr };
}

/** In wall milliseconds; nothing that is asked here acts on a lab. */
const LIMIT_MS = 120_000;

let host: ((args: string[]) => Said) | undefined;

function newHost(): (args: string[]) => Said {
  const { port1, port2 } = new MessageChannel();
  const done = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(new URL('./chaos-host.js', import.meta.url), {
    workerData: { port: port2, done, program: join(BUNDLE, 'cli/main.js') },
    transferList: [port2],
    env: { ...process.env, NO_COLOR: '1' },
  });
  worker.unref();
  port1.unref();
  return (args) => {
    Atomics.store(done, 0, 0);
    port1.postMessage(args);
    if (Atomics.wait(done, 0, 0, LIMIT_MS) === 'timed-out')
      throw new Error(`chaos ${args.join(' ')} did not end within ${LIMIT_MS / 1000} s`);
    return (receiveMessageOnPort(port1) as { message: Said }).message;
  };
}
