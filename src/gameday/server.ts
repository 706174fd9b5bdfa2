import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../core/clock.ts';
import { ChaosError, messageOf } from '../core/errors.ts';
import { type Access, refusalOf, roleOf } from './access.ts';
import { ACTIONS, decide, type Role } from './decide.ts';
import type { Game } from './game.ts';
import { PROGRAM } from './page/program.ts';
import { facilitatorShown, type Shown, teamShown } from './page/regions.ts';
import { PAGE_STYLE, shell } from './page/shell.ts';
import { facilitatorView, teamView } from './views.ts';

/** An action is a few words. In bytes. */
const MOST_BYTES = 4096;
/** Pages that are open at once; a room has a dozen. */
const MOST_STREAMS = 64;
/** Between two signs of life on a stream, in wall milliseconds. */
const BEAT_MS = 5000;

const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

/** The room's pages, on this machine's loopback alone. */
export interface GameServer {
  readonly port: number;
  /** Shows everybody how it ended, and closes. */
  end(): Promise<void>;
}

/**
 * Serves a game day to those who have a token.
 * @throws ChaosError `not-ready` where the port is taken
 */
export async function serveGame(game: Game, access: Access, clock: Clock): Promise<GameServer> {
  const streams = new Set<() => void>();
  const server = createServer((request, response) => {
    answer(request, response, { game, access, clock, streams, port: portOf(server) }).catch((error) =>
      reply(response, 500, { said: `It could not be kept: ${messageOf(error)}` }),
    );
  });
  server.requestTimeout = 10_000;
  await new Promise<void>((listening, failed) => {
    server.once('error', (error) => failed(taken(access.port, error)));
    server.listen(access.port, '127.0.0.1', listening);
  });
  return {
    port: portOf(server),
    async end() {
      for (const close of [...streams]) close();
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeIdleConnections();
      // What is on its way to a page may arrive; who keeps the connection open is not waited for.
      await Promise.race([closed, clock.sleep(1000)]);
      server.closeAllConnections();
    },
  };
}

const portOf = (server: Server) => (server.address() as AddressInfo).port;

function taken(port: number, error: Error): ChaosError {
  return new ChaosError('not-ready', `The page cannot be served on 127.0.0.1:${port}: ${error.message}.`, {
    cause: error,
    hint: 'end what listens there, or name another port with --port',
  });
}

interface Context {
  game: Game;
  access: Access;
  clock: Clock;
  streams: Set<() => void>;
  port: number;
}

async function answer(request: IncomingMessage, response: ServerResponse, context: Context): Promise<void> {
  const refused = refusalOf(request, context.port);
  if (refused !== undefined) return reply(response, refused, { said: 'Not from there.' });
  const path = (request.url ?? '').split('?')[0];
  if (request.method === 'GET') {
    if (path === '/team' || path === '/facilitator')
      return send(response, 'text/html; charset=utf-8', shell(path.slice(1) as Role));
    // Browsers ask for it by themselves, and would show a refusal as an error of the page.
    if (path === '/favicon.ico') return void response.writeHead(204, HEADERS).end();
    if (path === '/app.js') return send(response, 'text/javascript; charset=utf-8', PROGRAM);
    if (path === '/app.css') return send(response, 'text/css; charset=utf-8', PAGE_STYLE);
  }
  const role = roleOf(request, context.access);
  if (!role) return reply(response, 401, { said: 'Not let in.' });
  if (request.method === 'GET' && path === '/state') return reply(response, 200, viewOf(context.game, role));
  if (request.method === 'GET' && path === '/live') {
    if (context.streams.size < MOST_STREAMS) return stream(response, role, context);
    return reply(response, 503, { said: 'Too many pages are open.' });
  }
  if (request.method === 'POST' && path === '/do') return act(request, response, role, context);
  reply(response, 404, { said: 'There is nothing here.' });
}

/** What a role may know. */
function viewOf({ day, state, events }: Game, role: Role) {
  return role === 'team' ? teamView(day, state, events) : facilitatorView(day, state, events);
}

function shownTo({ day, state, events }: Game, role: Role): Shown {
  return role === 'team'
    ? teamShown(teamView(day, state, events))
    : facilitatorShown(facilitatorView(day, state, events));
}

/** Sends what is shown, again whenever that changes: that something happened which a team may not know makes no difference. */
function stream(response: ServerResponse, role: Role, { game, clock, streams }: Context): void {
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream; charset=utf-8' });
  const over = new AbortController();
  let last = '';
  const push = () => {
    const shown = JSON.stringify(shownTo(game, role));
    if (shown === last) return;
    last = shown;
    response.write(`data: {"now":${clock.now()},"shown":${shown}}\n\n`);
  };
  const beat = async () => {
    while (!over.signal.aborted) {
      await clock.sleep(BEAT_MS, over.signal).catch(() => {});
      if (!over.signal.aborted) response.write(':\n\n');
    }
  };
  const forget = game.onChange(push);
  const close = () => response.end();
  streams.add(close);
  response.on('close', () => {
    over.abort();
    forget();
    streams.delete(close);
  });
  push();
  void beat();
}

async function act(
  request: IncomingMessage,
  response: ServerResponse,
  role: Role,
  { game, clock }: Context,
): Promise<void> {
  if (!/^application\/json\b/.test(request.headers['content-type'] ?? ''))
    return reply(response, 415, { said: 'Only JSON.' });
  const text = await bodyOf(request);
  if (text === undefined) {
    response.setHeader('connection', 'close');
    return reply(response, 413, { said: 'Too long.' });
  }
  const action = ACTIONS[role].safeParse(parsed(text));
  if (!action.success) return reply(response, 400, { said: 'That is nothing that can be done here.' });
  const decision = await game.commit((state) => decide(game.day, state, action.data, clock.now()));
  if ('refused' in decision) return reply(response, 409, { said: decision.refused });
  reply(response, 200, { said: decision.said });
}

/** Undefined for more than an action can be. */
async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > MOST_BYTES) return undefined;
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += (part as Buffer).length;
    if (bytes > MOST_BYTES) return undefined;
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function send(response: ServerResponse, type: string, text: string): void {
  response.writeHead(200, { ...HEADERS, 'content-type': type });
  response.end(text);
}

function reply(response: ServerResponse, status: number, value: unknown): void {
  if (response.headersSent) return void response.end();
  response.writeHead(status, { ...HEADERS, 'content-type': 'application/json; charset=utf-8' });
  response.end(JSON.stringify(value));
}
