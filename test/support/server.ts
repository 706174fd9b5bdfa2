import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A real HTTP server on loopback, closed by `await using`. */
export interface LoopbackServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly server: Server;
  /** Drops every connection and stops listening, as a killed container does. */
  kill(): Promise<void>;
}

/** Listens on 127.0.0.1, on a free port unless one is given. */
export async function serve(handler: RequestListener, port = 0): Promise<LoopbackServer> {
  const server = createServer(handler);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const kill = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const taken = (server.address() as AddressInfo).port;
  return { url: `http://127.0.0.1:${taken}`, port: taken, server, kill, [Symbol.asyncDispose]: kill };
}

/** Answers JSON by path (query left out); 404 for anything else. */
export function jsonRoutes(routes: Record<string, () => unknown>): RequestListener {
  return (request, response) => {
    const answer = routes[new URL(request.url ?? '/', 'http://loopback').pathname];
    response.writeHead(answer ? 200 : 404, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ? answer() : {}));
  };
}
