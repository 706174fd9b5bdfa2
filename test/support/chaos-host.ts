// The thread in which test/support/chaos.ts runs command lines: each evaluates the main file anew, and shares its chunks.
import { pathToFileURL } from 'node:url';
import { type MessagePort, workerData } from 'node:worker_threads';

const { port, done, program } = workerData as { port: MessagePort; done: Int32Array; program: string };

const written = { stdout: '', stderr: '' };
for (const name of ['stdout', 'stderr'] as const)
  process[name].write = (chunk: string | Uint8Array, ...rest: unknown[]) => {
    written[name] += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    const then = rest.find((one) => typeof one === 'function') as (() => void) | undefined;
    then?.();
    return true;
  };

let runs = 0;
port.on('message', async (args: string[]) => {
  Object.assign(written, { stdout: '', stderr: '' });
  process.exitCode = undefined;
  process.argv = [process.execPath, program, ...args];
  const { href } = pathToFileURL(program);
  try {
    await import(`${href}?${runs++}`);
  } catch (error) {
    // As Node does for what nobody catches.
    process.exitCode = 1;
    written.stderr += `${(error as Error).stack}\n`;
  }
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners('error');
  port.postMessage({ status: Number(process.exitCode ?? 0), ...written });
  Atomics.store(done, 0, 1);
  Atomics.notify(done, 0);
});
