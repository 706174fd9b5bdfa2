import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A Docker API on a socket of its own, with what it was asked: `GET /containers/json`, the query left out. */
export interface DockerSocket extends AsyncDisposable {
  readonly path: string;
  readonly asked: string[];
  /** What would change something: everything but GET and HEAD. */
  acts(): string[];
}

type Answer = (call: { method: string; path: string; query: URLSearchParams; body: string }) => unknown;

/** A daemon that answers JSON; undefined is 404. Version prefixes are left out of the path. */
export async function fakeDaemon(answer: Answer): Promise<DockerSocket> {
  return listen(async (incoming, response, call) => {
    let body = '';
    for await (const chunk of incoming) body += chunk;
    const told = answer({ ...call, body });
    response.writeHead(told === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(told ?? { message: 'no such thing' }));
  });
}

/** Stands before a real daemon: passes on what only asks, and refuses the rest. */
export async function onlookersSocket(real = socketOf(process.env.DOCKER_HOST)): Promise<DockerSocket> {
  return listen((incoming, response, { method }) => {
    if (!READING.has(method)) {
      response.writeHead(403, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ message: 'this socket is only looked through' }));
      return;
    }
    const { url, headers } = incoming;
    const passed = request({ socketPath: real, path: url, method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    passed.on('error', () => response.destroy());
    response.on('close', () => passed.destroy());
    incoming.pipe(passed);
  });
}

const READING = new Set(['GET', 'HEAD']);

function socketOf(host = 'unix:///var/run/docker.sock'): string {
  return host.replace(/^unix:\/\//, '');
}

type Handler = (
  incoming: IncomingMessage,
  response: ServerResponse,
  call: { method: string; path: string; query: URLSearchParams },
) => void | Promise<void>;

async function listen(handler: Handler): Promise<DockerSocket> {
  const path = join(mkdtempSync(join(tmpdir(), 'chaos-')), 'docker.sock');
  const asked: string[] = [];
  const server: Server = createServer((incoming, response) => {
    const url = new URL(incoming.url ?? '/', 'http://docker');
    const call = {
      method: incoming.method ?? '',
      path: url.pathname.replace(/^\/v[\d.]+\//, '/'),
      query: url.searchParams,
    };
    asked.push(`${call.method} ${call.path}`);
    void handler(incoming, response, call);
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  return {
    path,
    asked,
    acts: () => asked.filter((one) => !READING.has(one.split(' ')[0]!)),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(dirname(path), { recursive: true, force: true });
    },
  };
}
