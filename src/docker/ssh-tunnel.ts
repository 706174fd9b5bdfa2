import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { ChaosError } from '../core/errors.ts';
import { freePort } from '../core/free-port.ts';
import type { Endpoint } from './endpoint.ts';

/** One connection by ssh, through which several things of the far machine can be asked from here. */
export interface Tunnel {
  /** A far socket as a file here, in a folder that nobody else may enter. */
  socket(far: string): Promise<string>;
  /** A port of the far 127.0.0.1 as a port of ours. */
  port(far: number): Promise<number>;
  /** The last that ssh complained of. */
  complaints(): string;
  close(): Promise<void>;
}

/** In milliseconds: how long a connection may take, and how often it is looked for. */
const CONNECT_MS = 20_000;
const LOOK_MS = 40;
const CLOSE_MS = 2000;
const FREE_PORTS_TRIED = 5;

/**
 * Runs ssh, and ends it when this process ends, however that ends: the shell beside it reads from us until there is
 * nobody left who could write. That is no terminal's process group, since Ctrl-C is for us, who still have to undo
 * things through the tunnel.
 */
const BOUND = `dir=$1; shift
exec 3<&0
ssh "$@" </dev/null 3<&- & ssh=$!
{ cat >/dev/null; kill "$ssh"; } <&3 >/dev/null 2>&1 & watch=$!
exec 3<&-
wait "$ssh"; code=$?
kill "$watch" 2>/dev/null
rm -rf -- "$dir"
exit "$code"`;

/** @throws ChaosError `not-ready` with what ssh said, and what to try by hand */
export async function openTunnel(
  to: Endpoint & { kind: 'ssh' },
  clock: Clock,
  signal?: AbortSignal,
): Promise<Tunnel> {
  // Short, as the path of a socket has a hundred characters at most, and ssh needs some of them.
  const dir = await mkdtemp(join(tmpdir(), 'chaos-ssh-'));
  const control = join(dir, 'c');
  const where = [
    ...(to.user === undefined ? [] : ['-l', to.user]),
    ...(to.port === undefined ? [] : ['-p', `${to.port}`]),
  ];
  // A connection of its own, which nobody else's ends; forwards come one by one, and none from the user's configuration.
  const options = ['ControlMaster=yes', 'ControlPersist=no', 'ClearAllForwardings=yes', 'BatchMode=yes'];
  options.push(
    'ConnectTimeout=15',
    'ServerAliveInterval=15',
    'ServerAliveCountMax=3',
    'ForkAfterAuthentication=no',
  );
  const args = ['-N', '-T', '-a', '-x', '-S', control, ...options.flatMap((one) => ['-o', one]), ...where];
  const child = spawn('sh', ['-c', BOUND, 'sh', dir, ...args, '--', to.host], {
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  let said = '';
  let ended = false;
  child.stderr.on('data', (chunk: Buffer) => {
    said = (said + chunk.toString()).slice(-2000);
  });
  child.stdin.on('error', () => {});
  const exit = once(child, 'exit').then(
    () => {},
    (error) => {
      said += String(error);
    },
  );
  void exit.then(() => {
    ended = true;
    child.stdin.destroy();
  });
  const complaints = () => said.trim();

  async function close(): Promise<void> {
    child.stdin.end();
    await Promise.race([exit, clock.sleep(CLOSE_MS)]);
    await rm(dir, { recursive: true, force: true });
  }

  for (const until = clock.now() + CONNECT_MS; !existsSync(control); ) {
    if (ended || signal?.aborted || clock.now() > until) {
      await close();
      signal?.throwIfAborted();
      throw unreachable(to, complaints());
    }
    await clock.sleep(LOOK_MS, signal).catch(() => {});
  }
  // Who forgets to close it is not kept from ending.
  child.unref();
  (child.stdin as Socket).unref();
  (child.stderr as Socket).unref();

  const forward = (from: string, far: string) =>
    new Promise<void>((resolve, reject) => {
      // The user's configuration has been heard; read again it would bring its own forwards in.
      const args = ['-F', '/dev/null', '-S', control, '-O', 'forward', '-L', `${from}:${far}`, '--', to.host];
      execFile('ssh', args, (error, _, stderr) => {
        if (!error) resolve();
        else reject(unreachable(to, stderr.trim() || complaints()));
      });
    });
  const ports = new Map<number, Promise<number>>();
  let sockets = 0;
  return {
    complaints,
    close,
    async socket(far) {
      const path = join(dir, `s${++sockets}`);
      await forward(path, far);
      return path;
    },
    port(far) {
      const known = ports.get(far);
      if (known) return known;
      const opened = (async () => {
        // Between our look and its use a port may be taken by somebody else.
        for (let tries = 1; ; tries++) {
          const near = await freePort();
          try {
            await forward(`127.0.0.1:${near}`, `127.0.0.1:${far}`);
            return near;
          } catch (error) {
            if (ended || tries === FREE_PORTS_TRIED) throw error;
          }
        }
      })();
      ports.set(far, opened);
      opened.catch(() => ports.delete(far));
      return opened;
    },
  };
}

function unreachable(to: Endpoint & { kind: 'ssh' }, said: string): ChaosError {
  const line = said.split('\n').findLast((one) => one.trim() !== '');
  const by = `ssh${to.port === undefined ? '' : ` -p ${to.port}`} ${to.user === undefined ? '' : `${to.user}@`}${to.host}`;
  return new ChaosError(
    'not-ready',
    `${to.host} cannot be reached by ssh: ${line?.trim() ?? 'no answer in time'}`,
    {
      hint: `${by} docker version must do without asking anything: a key in your agent, the host in known_hosts`,
    },
  );
}
