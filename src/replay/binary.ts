import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../core/free-port.ts';
import { FLAGS, type Started } from './started.ts';

/** Starts the `prometheus` on the PATH, on loopback alone; undefined where there is none. */
export async function startBinary(): Promise<Started | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'chaos-replay-'));
  const address = `127.0.0.1:${await freePort()}`;
  const flags = [...FLAGS, `--storage.tsdb.path=${folder}`, `--web.listen-address=${address}`];
  const child = spawn('prometheus', flags, { stdio: ['ignore', 'ignore', 'pipe'] });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-4000);
  });
  const closed = new Promise((resolve) => child.once('close', resolve));
  const kill = () => child.kill('SIGKILL');
  const end = async () => {
    process.off('exit', kill);
    kill();
    await closed;
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await once(child, 'spawn');
    // Also where we end in the middle.
    process.once('exit', kill);
  } catch {
    await rm(folder, { recursive: true, force: true });
    return undefined;
  }
  return {
    url: `http://${address}`,
    agent: new Agent(),
    complaints: () => complaints.trim(),
    ended: () => child.exitCode !== null,
    end,
  };
}
