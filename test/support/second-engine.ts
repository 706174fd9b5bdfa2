import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from '../../src/core/free-port.ts';
import { startBound } from './bound-process.ts';
import { type Certificates, makeCertificates } from './certificates.ts';
import { type Ended, start } from './lab.ts';

/** A Docker engine beside the one that runs, with nothing in common with it but the machine. */
export interface SecondEngine extends AsyncDisposable {
  /** `unix://…`, as DOCKER_HOST or a roster name it. */
  readonly url: string;
  readonly socket: string;
  /** The same by TCP with TLS, if it was asked for. */
  readonly tls?: { url: string; port: number; certificates: Certificates };
  /** The docker command line, on it. */
  docker(...args: string[]): Promise<Ended>;
  /** Copies an image from the engine that runs. */
  copyImage(image: string): Promise<void>;
}

const START_MS = 30_000;
/** Why there can be no second engine here, or false. */
export const noSecondEngine =
  process.getuid?.() === 0 ? false : 'a second engine is started by root alone, as the first one was';

/**
 * Starts a dockerd with its own socket, data, containerd and addresses. It makes no iptables rules, as it would clear
 * away the other's; one rule of ours lets its containers reach each other, where the other forbids what it does not
 * know. Published ports answer by docker-proxy. Its containers reach nothing outside.
 */
export async function startSecondEngine(options: { tls?: boolean } = {}): Promise<SecondEngine> {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-engine-'));
  const socket = join(dir, 'docker.sock');
  const subnet = freeSubnet();
  const tls = options.tls ? await tlsOf(dir) : undefined;
  const rule = ['DOCKER-USER', '-s', subnet, '-d', subnet, '-j', 'ACCEPT'];
  // Before its start, so that others who look for a subnet see that it is taken.
  execFileSync('iptables', ['-w', '-I', ...rule]);
  // A default bridge of its own: an engine that is told to have none deletes docker0, which is the other's.
  const bridge = `chaos-${subnet.split('.')[1]}`;
  execFileSync('ip', ['link', 'add', bridge, 'type', 'bridge']);
  execFileSync('ip', ['address', 'add', subnet.replace('.0.0/16', '.255.1/24'), 'dev', bridge]);
  const engine = startBound(
    'dockerd',
    [
      ...['--host', `unix://${socket}`, '--pidfile', join(dir, 'pid')],
      ...['--data-root', join(dir, 'data'), '--exec-root', join(dir, 'exec')],
      ...['--bridge', bridge, '--iptables=false', '--ip-masq=false'],
      ...['--default-address-pool', `base=${subnet},size=24`],
      ...(tls ? ['--host', tls.url, ...tls.flags] : []),
    ],
    `iptables -w -D ${rule.join(' ')}; ip link delete ${bridge}; rm -rf -- '${dir}'`,
  );
  const docker = (...args: string[]) => start('docker', ['--host', `unix://${socket}`, ...args]).ended;
  const ended = async () => {
    const { stdout } = await docker('ps', '-aq');
    const all = stdout.split('\n').filter(Boolean);
    if (all.length > 0) await docker('rm', '-f', '-v', ...all);
    // Their bridges outlive an engine.
    await docker('network', 'prune', '-f');
    await engine.end();
    rmSync(dir, { recursive: true, force: true });
  };
  for (const until = Date.now() + START_MS; (await docker('version')).code !== 0; await pause(50)) {
    if (Date.now() < until) continue;
    await ended();
    throw new Error(`no second engine within ${START_MS / 1000} s:\n${engine.output()}`);
  }
  return {
    url: `unix://${socket}`,
    socket,
    docker,
    ...(tls ? { tls } : {}),
    async copyImage(image) {
      const copy = `docker save "$0" | docker --host "$1" load`;
      const { code, stderr } = await start('bash', ['-o', 'pipefail', '-c', copy, image, `unix://${socket}`])
        .ended;
      if (code !== 0) throw new Error(`${image} could not be copied: ${stderr}`);
    },
    [Symbol.asyncDispose]: ended,
  };
}

/** One of 10.200.0.0/16 to 10.249.0.0/16 that no bridge and no rule of another test has. */
function freeSubnet(): string {
  const taken =
    execFileSync('ip', ['-4', 'route'], { encoding: 'utf8' }) +
    execFileSync('iptables', ['-w', '-S', 'DOCKER-USER'], { encoding: 'utf8' });
  for (let i = 0; i < 50; i++) {
    const second = 200 + ((process.pid + i) % 50);
    if (!taken.includes(`10.${second}.`)) return `10.${second}.0.0/16`;
  }
  throw new Error('every subnet for a second engine is taken: ip route, iptables -S DOCKER-USER');
}

async function tlsOf(dir: string) {
  const certificates = makeCertificates(dir);
  const port = await freePort();
  const of = (name: string) => join(certificates.server, `${name}.pem`);
  const flags = ['--tlsverify', '--tlscacert', of('ca'), '--tlscert', of('cert'), '--tlskey', of('key')];
  return { certificates, port, url: `tcp://127.0.0.1:${port}`, flags };
}
