import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../src/core/free-port.ts';
import { startBound } from './bound-process.ts';

const SSHD = '/usr/sbin/sshd';
/** Why there can be no ssh server of our own here, or false. */
export const noSshServer = existsSync(SSHD) ? false : `there is no ${SSHD}: apt-get install openssh-server`;

/** An sshd on loopback, which lets this user in by a key that was made for it. */
export interface SshServer extends AsyncDisposable {
  /** The name by which ssh finds it, once `path` is on the PATH. */
  readonly host: string;
  /** A folder with an `ssh` that reads a configuration with that name in it, and else is the system's. */
  readonly path: string;
  /** What sshd wrote. */
  output(): string;
}

/** @param known whether its key is in known_hosts */
export async function startSshServer({ known = true } = {}): Promise<SshServer> {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-sshd-'));
  const port = await freePort();
  for (const name of ['server', 'user'])
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(dir, name)]);
  copyFileSync(join(dir, 'user.pub'), join(dir, 'authorized_keys'));
  chmodSync(join(dir, 'authorized_keys'), 0o600);
  const key = readFileSync(join(dir, 'server.pub'), 'utf8').split(' ').slice(0, 2).join(' ');
  writeFileSync(join(dir, 'known_hosts'), known ? `[127.0.0.1]:${port} ${key}\n` : '');
  writeFileSync(
    join(dir, 'sshd_config'),
    `Port ${port}
ListenAddress 127.0.0.1
HostKey ${dir}/server
PidFile none
AuthorizedKeysFile ${dir}/authorized_keys
StrictModes no
UsePAM no
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
`,
  );
  writeFileSync(
    join(dir, 'config'),
    `Host lab-b
  HostName 127.0.0.1
  Port ${port}
  User ${userInfo().username}
  IdentityFile ${dir}/user
  IdentitiesOnly yes
  UserKnownHostsFile ${dir}/known_hosts
`,
  );
  // ssh finds its configuration by the user's home in the password file, whatever HOME is.
  const path = join(dir, 'bin');
  mkdirSync(path);
  const real = execFileSync('sh', ['-c', 'command -v ssh'], { encoding: 'utf8' }).trim();
  writeFileSync(join(path, 'ssh'), `#!/bin/sh\nexec ${real} -F ${dir}/config "$@"\n`, { mode: 0o755 });
  // It separates its privileges into this folder, which a service of the system would have made.
  mkdirSync('/run/sshd', { recursive: true });
  const server = startBound(SSHD, ['-D', '-e', '-f', join(dir, 'sshd_config')]);
  const ended = async () => {
    await server.end();
    rmSync(dir, { recursive: true, force: true });
  };
  for (const until = Date.now() + 10_000; !/listening/.test(server.output()); await pause(20)) {
    if (Date.now() < until) continue;
    await ended();
    throw new Error(`no sshd: ${server.output()}`);
  }
  return { host: 'lab-b', path, output: server.output, [Symbol.asyncDispose]: ended };
}
