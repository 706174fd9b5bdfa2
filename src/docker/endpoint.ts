import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod';
import { ChaosError, messageOf } from '../core/errors.ts';
import { didYouMean } from '../core/suggest.ts';

/** Where a Docker engine listens, and how it is talked to there. */
export type Endpoint =
  | { kind: 'unix'; path: string }
  | { kind: 'tcp'; host: string; port: number; tls?: Tls }
  | { kind: 'ssh'; host: string; user?: string; port?: number; socket: string };

/** What an engine is asked to prove, and what we prove ourselves with. */
export interface Tls {
  /** The folder with ca.pem, cert.pem and key.pem, as far as they are there. */
  dir: string;
  /** Whether the engine's certificate is checked. */
  verify: boolean;
  ca?: Buffer;
  cert?: Buffer;
  key?: Buffer;
}

/** An endpoint under the name by which it was asked for. */
export interface Named {
  name: string;
  endpoint: Endpoint;
}

/** The variables that say which engine is meant: those that the docker command line reads. */
export type HostEnv = Readonly<Record<string, string | undefined>>;

const LOCAL_SOCKET = '/var/run/docker.sock';
const DEFAULT = 'default';
const FORMS = "a context's name, unix:///path, ssh://[user@]host[:port] or tcp://host:port";

/**
 * Which engine is meant, in the order in which the docker command line has it: what is named; DOCKER_HOST;
 * DOCKER_CONTEXT; the current context of its configuration; the local socket. The context `default` is DOCKER_HOST or
 * the local socket, as there.
 * @throws ChaosError `usage` where it names none; `bad-file` where a file of Docker's configuration is broken
 */
export function endpointOf(spec: string | undefined, env: HostEnv): Named {
  const host = env.DOCKER_HOST || undefined;
  const byDefault = (): Named =>
    host === undefined
      ? { name: DEFAULT, endpoint: { kind: 'unix', path: LOCAL_SOCKET } }
      : // Without a scheme it is tcp, as Docker has it.
        { name: host, endpoint: parseUrl(host.includes('://') ? host : `tcp://${host}`, env) };
  const config = env.DOCKER_CONFIG || join(homedir(), '.docker');
  if (spec?.includes('://')) return { name: spec, endpoint: parseUrl(spec, env) };
  if (spec === undefined && host !== undefined) return byDefault();
  const context = spec ?? (env.DOCKER_CONTEXT || currentContext(config));
  if (context === undefined || context === DEFAULT)
    return { ...byDefault(), ...(spec ? { name: spec } : {}) };
  return { name: context, endpoint: contextEndpoint(context, config, env) };
}

function parseUrl(text: string, env: HostEnv): Endpoint {
  const refuse = (why: string) =>
    new ChaosError('usage', `${text} names no Docker engine: ${why}.`, { hint: `write ${FORMS}` });
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw refuse('this is no URL');
  }
  if (url.password !== '' || url.search !== '' || url.hash !== '')
    throw refuse('it has a password, a ? or a #, and may have none');
  switch (url.protocol) {
    case 'unix:': {
      const path = decodeURIComponent(text.slice('unix://'.length)) || LOCAL_SOCKET;
      if (!path.startsWith('/'))
        throw refuse('the path of a socket begins with /, so after unix: come three');
      return { kind: 'unix', path };
    }
    case 'tcp:': {
      if (url.hostname === '') throw refuse('the host is missing');
      if (!['', '/'].includes(url.pathname)) throw refuse('it has a path');
      const tls = tlsFromEnv(env);
      const port = Number(url.port) || (tls ? 2376 : 2375);
      return { kind: 'tcp', host: bare(url.hostname), port, ...(tls ? { tls } : {}) };
    }
    case 'ssh:': {
      const user = decodeURIComponent(url.username);
      // What begins with a dash, ssh would take for an option.
      if (!/^[A-Za-z0-9_[][A-Za-z0-9_.:[\]-]*$/.test(url.hostname)) throw refuse('this is no name of a host');
      if (!/^([A-Za-z0-9_][A-Za-z0-9_.@\\-]*)?$/.test(user)) throw refuse('this is no name of a user');
      return {
        kind: 'ssh',
        host: bare(url.hostname),
        socket: url.pathname.length > 1 ? decodeURIComponent(url.pathname) : LOCAL_SOCKET,
        ...(user === '' ? {} : { user }),
        ...(url.port === '' ? {} : { port: Number(url.port) }),
      };
    }
    default:
      throw refuse(`${url.protocol}// is not spoken here`);
  }
}

/** An IPv6 address without its brackets. */
function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function tlsFromEnv(env: HostEnv): Tls | undefined {
  if (!env.DOCKER_TLS_VERIFY && !env.DOCKER_TLS) return undefined;
  const dir = env.DOCKER_CERT_PATH || env.DOCKER_CONFIG || join(homedir(), '.docker');
  return readTls(dir, Boolean(env.DOCKER_TLS_VERIFY));
}

/** A certificate without its key, or a file that may not be read, is found out here and not by the engine. */
function readTls(dir: string, verify: boolean): Tls {
  const read = (name: 'ca' | 'cert' | 'key') => {
    const file = join(dir, `${name}.pem`);
    try {
      return existsSync(file) ? { [name]: readFileSync(file) } : {};
    } catch (error) {
      throw new ChaosError('usage', `${file} cannot be read: ${messageOf(error)}.`, { cause: error });
    }
  };
  const tls: Tls = { dir, verify, ...read('ca'), ...read('cert'), ...read('key') };
  if (!tls.cert !== !tls.key)
    throw new ChaosError('usage', `Of cert.pem and key.pem in ${dir} one is missing.`, {
      hint: 'an engine that asks for a certificate wants both',
    });
  return tls;
}

const configSchema = z.object({ currentContext: z.string().optional() });
const metaSchema = z.object({
  Name: z.string(),
  Endpoints: z.object({
    docker: z.object({ Host: z.string().optional(), SkipTLSVerify: z.boolean().optional() }).optional(),
  }),
});

function currentContext(config: string): string | undefined {
  const file = join(config, 'config.json');
  return existsSync(file) ? readJson(file, configSchema).currentContext || undefined : undefined;
}

/** Docker keeps a context under the SHA-256 of its name. */
function contextEndpoint(name: string, config: string, env: HostEnv): Endpoint {
  const id = createHash('sha256').update(name).digest('hex');
  const file = join(config, 'contexts/meta', id, 'meta.json');
  if (!existsSync(file)) {
    const known = [DEFAULT, ...knownContexts(config)];
    throw new ChaosError('usage', `There is no Docker context ${name}.`, {
      hint: didYouMean(name, known) ?? 'docker context ls shows those that there are',
    });
  }
  const { docker } = readJson(file, metaSchema).Endpoints;
  const skips = docker?.SkipTLSVerify === true;
  // A context's own TLS files, and none of the environment's: that is about DOCKER_HOST.
  const { DOCKER_TLS: _, DOCKER_TLS_VERIFY: __, ...rest } = env;
  const endpoint = parseUrl(docker?.Host || `unix://${LOCAL_SOCKET}`, rest);
  if (endpoint.kind !== 'tcp') return endpoint;
  const dir = join(config, 'contexts/tls', id, 'docker');
  return existsSync(dir) || skips ? { ...endpoint, tls: readTls(dir, !skips) } : endpoint;
}

function knownContexts(config: string): string[] {
  const dir = join(config, 'contexts/meta');
  if (!existsSync(dir)) return [];
  return readdirSync(dir).flatMap((id) => {
    const file = join(dir, id, 'meta.json');
    return existsSync(file) ? [readJson(file, metaSchema).Name] : [];
  });
}

function readJson<T>(file: string, schema: z.ZodType<T>): T {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : messageOf(error);
    throw new ChaosError('bad-file', `${file} is not as Docker writes it: ${why}`, {
      cause: error,
      hint: 'docker context ls would complain too; docker context create makes it anew',
    });
  }
}
