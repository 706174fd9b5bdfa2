import { Agent } from 'node:https';
import Docker from 'dockerode';
import { type Clock, systemClock, timeLimit } from '../core/clock.ts';
import { ChaosError, messageOf } from '../core/errors.ts';
import { type Endpoint, endpointOf, type HostEnv, type Named, type Tls } from './endpoint.ts';
import { daemonDown } from './images.ts';
import { openTunnel, type Tunnel } from './ssh-tunnel.ts';

/** A Docker engine that answers, here or elsewhere. */
export interface DockerHost {
  /** As it was named; the key under which limits count. */
  readonly name: string;
  readonly docker: Docker;
  /** Where the published ports of its containers can be asked from here: 127.0.0.1, or the name of a host by tcp. */
  readonly address: string;
  /**
   * Where one published port of its containers can be asked from here. By ssh that is a port of a tunnel of its own,
   * as the ports of a good stack are bound to the far 127.0.0.1.
   * @throws ChaosError `not-ready` where the tunnel is gone
   */
  reach(port: number): Promise<{ host: string; port: number }>;
  /** What compose and the docker command line need in their environment to speak to it. */
  readonly env: Record<string, string>;
  /** Ends its tunnel, where it has one. A process that ends without it leaves none. */
  close(): Promise<void>;
}

interface Options {
  env?: HostEnv;
  clock?: Clock;
  /** Ends the opening, with its reason. */
  signal?: AbortSignal;
}

/** In milliseconds: how long an engine may take to say that it is there. */
const ANSWER_MS = 10_000;
const LOOPBACK = '127.0.0.1';

/**
 * Opens the way to a Docker engine, and hears from it.
 * @param spec a context's name, `unix:///path`, `ssh://[user@]host[:port][/socket]` or `tcp://host:port` (TLS as
 *   DOCKER_TLS_VERIFY, DOCKER_CERT_PATH or the context have it); absent, what the docker command line would take
 * @throws ChaosError `usage` where that names none, `not-ready` where it does not answer
 */
export async function openHost(
  spec?: string,
  { env = process.env, clock = systemClock, signal }: Options = {},
): Promise<DockerHost> {
  const named = endpointOf(spec, env);
  const { endpoint } = named;
  const tunnel = endpoint.kind === 'ssh' ? await openTunnel(endpoint, clock, signal) : undefined;
  try {
    // Behind a tunnel it is one more socket.
    const near: Exclude<Endpoint, { kind: 'ssh' }> =
      endpoint.kind === 'ssh' ? { kind: 'unix', path: await tunnel!.socket(endpoint.socket) } : endpoint;
    const docker = connect(near);
    await hear(docker, named, tunnel, clock, signal);
    const address = near.kind === 'tcp' ? near.host : LOOPBACK;
    return {
      name: named.name,
      docker,
      address,
      env: environmentOf(near),
      reach: async (port) => ({ host: address, port: tunnel ? await tunnel.port(port) : port }),
      close: async () => tunnel?.close(),
    };
  } catch (error) {
    await tunnel?.close();
    throw error;
  }
}

/** dockerode fills in from DOCKER_HOST what it is not told, so it is told that there is none of it. */
function connect(near: Exclude<Endpoint, { kind: 'ssh' }>): Docker {
  const nothing = { host: undefined, port: undefined, ca: undefined, cert: undefined, key: undefined };
  if (near.kind === 'unix')
    return new Docker({ ...nothing, protocol: 'http', socketPath: near.path } as Docker.DockerOptions);
  const { host, port, tls } = near;
  return new Docker({
    ...nothing,
    host,
    port,
    pathPrefix: '/',
    protocol: tls ? 'https' : 'http',
    ...(tls ? secured(tls) : {}),
  } as Docker.DockerOptions);
}

function secured({ ca, cert, key, verify }: Tls): object {
  return { ca, cert, key, ...(verify ? {} : { agent: new Agent({ rejectUnauthorized: false }) }) };
}

function environmentOf(near: Exclude<Endpoint, { kind: 'ssh' }>): Record<string, string> {
  // Empty is as good as absent to both programs, and keeps out what our own environment has for another engine.
  const plain = { DOCKER_CONTEXT: '', DOCKER_TLS: '', DOCKER_TLS_VERIFY: '', DOCKER_CERT_PATH: '' };
  if (near.kind === 'unix') return { ...plain, DOCKER_HOST: `unix://${near.path}` };
  const host = near.host.includes(':') ? `[${near.host}]` : near.host;
  const { tls } = near;
  return {
    ...plain,
    DOCKER_HOST: `tcp://${host}:${near.port}`,
    ...(tls ? { DOCKER_CERT_PATH: tls.dir, [tls.verify ? 'DOCKER_TLS_VERIFY' : 'DOCKER_TLS']: '1' } : {}),
  };
}

async function hear(
  docker: Docker,
  { name, endpoint }: Named,
  tunnel: Tunnel | undefined,
  clock: Clock,
  signal: AbortSignal | undefined,
): Promise<void> {
  const limit = timeLimit(clock, ANSWER_MS, () => new Error(`no answer within ${ANSWER_MS / 1000} s`));
  const abortSignal = AbortSignal.any([limit.signal, ...(signal ? [signal] : [])]);
  try {
    await docker.listContainers({ limit: 1, abortSignal });
  } catch (error) {
    signal?.throwIfAborted();
    const { hint } = daemonDown(error);
    const why = limit.signal.aborted ? messageOf(limit.signal.reason) : messageOf(error);
    throw new ChaosError(
      'not-ready',
      `The Docker engine ${name} does not answer: ${tunnel?.complaints() || why}`,
      { cause: error, hint: HINTS[endpoint.kind] ?? hint ?? 'chaos doctor' },
    );
  } finally {
    limit.end();
  }
}

const HINTS: Partial<Record<Endpoint['kind'], string>> = {
  ssh: 'is Docker running there, and may that user use its socket? ssh to it and try: docker version',
  tcp: 'is it running there, with TLS if you ask with TLS (DOCKER_TLS_VERIFY, DOCKER_CERT_PATH, or a context)?',
};
