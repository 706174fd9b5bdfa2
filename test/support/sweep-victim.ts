// A process that injects and undoes one fault as a run does, and sends itself a signal at a named point: what a sweep
// kills. Without a signal it tells the points that it comes by.

import { writeSync } from 'node:fs';
import axios from 'axios';
import Docker from 'dockerode';
import { Redis } from 'ioredis';
import pg from 'pg';
import { listenForInterrupt } from '../../src/cli/interrupt.ts';
import { systemClock } from '../../src/core/clock.ts';
import { FAULTS, findFault } from '../../src/faults/index.ts';
import { StepRunner } from '../../src/run/steps.ts';
import { Guard } from '../../src/undo/guard.ts';
import { Journal } from '../../src/undo/journal.ts';
import { world } from './faults.ts';
import { LAB } from './lab.ts';
import { REACHED, SOME_ACT } from './sweep.ts';

const [type = '', json = '', wanted = '', signal = ''] = process.argv.slice(2);
let verb = 'start';
let reached = false;

/** One moment at which the process may die; of those with the same name, the first. */
const seen = new Set<string>();
function point(name: string): void {
  const full = `${verb}: ${name}`;
  if (seen.has(full)) return;
  seen.add(full);
  // Not through the stream, which would lose what was not written yet.
  try {
    writeSync(1, `${full}\n`);
  } catch {
    // Whoever wanted to know is gone.
    process.kill(process.pid, 'SIGKILL');
  }
  if (
    !signal ||
    reached ||
    !(full === wanted || (wanted === SOME_ACT && /^inject: after (?!.* GET )/.test(full)))
  )
    return;
  reached = true;
  writeSync(1, `${REACHED}${full}\n`);
  process.kill(process.pid, signal);
}

type Method = (...given: never[]) => unknown;

/** Has a method pass a point before it begins and after it has ended. */
function watch(prototype: object, method: string, nameOf: (given: never[]) => string = () => method): void {
  const methods = prototype as Record<string, Method>;
  const original = methods[method]!;
  methods[method] = function (this: unknown, ...given) {
    const name = nameOf(given);
    point(`before ${name}`);
    const result = original.apply(this, given);
    if (result instanceof Promise) result.then(() => point(`after ${name}`)).catch(() => {});
    return result;
  };
}

/** Ids and names that differ from one time to the next. */
const plain = (text: string) =>
  text
    .replace(/[0-9a-f]{12,}/g, 'ID')
    .replace(/\?.*/, '')
    .slice(0, 80);

// Every way out of the process: Docker, PostgreSQL, Redis, HTTP, and the journal on the disk.
const modem = Object.getPrototypeOf(new Docker().modem) as { dial: Method };
const dial = modem.dial as (this: unknown, options: { method: string; path: string }, done: Method) => void;
modem.dial = function (this: unknown, options: { method: string; path: string }, done: Method) {
  const name = plain(`docker ${options.method} ${options.path}`);
  point(`before ${name}`);
  dial.call(this, options, (...answer) => {
    point(`after ${name}`);
    done(...answer);
  });
} as Method;
watch(pg.Client.prototype, 'connect', () => 'postgres connect');
watch(pg.Client.prototype, 'query', ([first]) => plain(`postgres ${String(first).slice(0, 40)}`));
watch(
  Redis.prototype,
  'sendCommand',
  ([command]) => `redis ${(command as unknown as { name: string }).name}`,
);
axios.interceptors.request.use((request) => {
  point(`before http ${request.method} ${plain(request.url ?? '')}`);
  return request;
});
axios.interceptors.response.use((answer) => {
  point(`after http ${answer.config.method} ${plain(answer.config.url ?? '')}`);
  return answer;
});
for (const method of ['intend', 'effective', 'undone', 'end']) watch(Journal.prototype, method);
for (const fault of FAULTS)
  for (const method of ['prepare', 'inject', 'undo'] as const) {
    const original = fault[method] as Method;
    Object.assign(fault, {
      [method]: (...given: never[]) => {
        verb = method;
        return original.apply(fault, given);
      },
    });
  }

const interrupt = listenForInterrupt(LAB);
const guard = await Guard.begin(world, `sweep of ${type}`, () => {}).catch((error) => {
  writeSync(2, `${error.message}\n`);
  process.exit(1);
});
const steps = new StepRunner(world, guard, 1, (event) => {
  if (event.type === 'step' && event.state === 'failed') writeSync(2, `${event.detail}\n`);
});
const fields = findFault(type)!.fields.parse(JSON.parse(json));
const step = {
  kind: 'fault',
  id: type,
  type,
  fields,
  atMs: 0,
  forMs: 300,
  at: { file: '', line: 1, column: 1 },
} as const;
await steps.runAll([step], systemClock.now(), interrupt.signal).catch(() => {});
await steps.undoAll();
await guard.end();
interrupt.end();
