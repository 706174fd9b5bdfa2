import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { request } from 'node:http';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { systemClock } from '../../../src/core/clock.ts';
import { newAccess } from '../../../src/gameday/access.ts';
import { Game } from '../../../src/gameday/game.ts';
import { EventLog } from '../../../src/gameday/log.ts';
import { type GameServer, serveGame } from '../../../src/gameday/server.ts';
import { begun, firstDay, steady, unwell } from './support.ts';

const access = newAccess('game', 0);
const day = firstDay();
let server: GameServer;
let game: Game;
before(async () => {
  const { log } = await EventLog.open(mkdtempSync(join(tmpdir(), 'chaos-')));
  const events = [begun(), steady(1)];
  for (const event of events) await log.append(event);
  game = new Game(day, log, events);
  server = await serveGame(game, access, systemClock);
});
after(async () => {
  await server.end();
  await game.close();
});

interface Asked {
  method?: string;
  token?: string;
  headers?: Record<string, string>;
  body?: string;
}

/** Not fetch, which lets nobody choose Host and Origin. */
function ask(path: string, { method = 'GET', token, headers = {}, body }: Asked = {}) {
  const own = { host: `127.0.0.1:${server.port}`, ...(token ? { authorization: `Bearer ${token}` } : {}) };
  const options = { host: '127.0.0.1', port: server.port, path, method, headers: { ...own, ...headers } };
  return new Promise<{ status: number; text: string; headers: Record<string, unknown> }>((done, failed) => {
    const sent = request(options, (response) => {
      let text = '';
      response.on('data', (part) => {
        text += part;
      });
      response.on('end', () => done({ status: response.statusCode!, text, headers: response.headers }));
    });
    sent.on('error', failed);
    sent.end(body);
  });
}

const post = (action: unknown, over: Asked = {}) =>
  ask('/do', {
    method: 'POST',
    token: access.team,
    body: typeof action === 'string' ? action : JSON.stringify(action),
    ...over,
    headers: {
      origin: `http://127.0.0.1:${server.port}`,
      'content-type': 'application/json',
      ...over.headers,
    },
  });

test('it listens on loopback alone', async (context) => {
  const [other] = Object.values(networkInterfaces())
    .flat()
    .filter((one) => one?.family === 'IPv4' && !one.internal);
  if (!other) return context.skip('this machine has no other address');
  const error = await fetch(`http://${other.address}:${server.port}/team`).catch(({ cause }) => cause);
  assert.equal(error.code, 'ECONNREFUSED');
});

test('without a token there are empty pages, and nothing of the day', async () => {
  for (const path of ['/team', '/facilitator', '/app.js', '/app.css'])
    assert.equal((await ask(path)).status, 200, path);
  for (const path of ['/state', '/live', '/', '/../events.jsonl', '/access.json'])
    for (const token of [undefined, 'x', `${access.team}x`, access.team.slice(1)]) {
      const { status, text } = await ask(path, token ? { token } : {});
      assert.deepEqual([status, text], [401, '{"said":"Not let in."}'], path);
    }
  assert.equal((await post({ do: 'declare' }, { token: 'x' })).status, 401);
});

test('each token shows its own view, and a team is not let do what a facilitator may', async () => {
  const view = async (token: string) => JSON.parse((await ask('/state', { token })).text);
  assert.equal((await view(access.team)).role, 'team');
  assert.equal((await view(access.team)).entries, undefined);
  assert.equal((await view(access.facilitator)).role, 'facilitator');
  const count = game.events.length;
  for (const action of ['inject', 'hint', 'pause', 'continue', 'stop'])
    assert.equal((await post({ do: action })).status, 400, action);
  assert.equal((await post({ do: 'declare' }, { token: access.facilitator })).status, 400);
  assert.equal(game.events.length, count);
});

test('another name for this machine, another origin and no origin are refused', async () => {
  const { port } = server;
  const evil = { host: `evil.example:${port}` };
  for (const headers of [evil, { host: '127.0.0.1' }, { host: `127.0.0.1:${port + 1}` }])
    for (const path of ['/team', '/state'])
      assert.equal((await ask(path, { token: access.team, headers })).status, 421, JSON.stringify(headers));
  for (const origin of [
    'http://evil.example',
    'null',
    `https://127.0.0.1:${port}`,
    `http://127.0.0.1:${port + 1}`,
    `http://localhost:${port}`,
  ])
    assert.equal((await post({ do: 'declare' }, { headers: { origin } })).status, 403, origin);
  const none = await ask('/do', {
    method: 'POST',
    token: access.team,
    body: '{"do":"declare"}',
    headers: { 'content-type': 'application/json' },
  });
  assert.equal(none.status, 403);
  const site = { 'sec-fetch-site': 'cross-site' };
  assert.equal((await ask('/team', { headers: site })).status, 403);
  for (const method of ['PUT', 'OPTIONS', 'DELETE']) {
    const { status, headers } = await ask('/do', { method, token: access.team });
    assert.equal(status, 405);
    assert.equal(headers['access-control-allow-origin'], undefined);
  }
});

test('what is no action is refused, whatever it is', async () => {
  for (const body of [
    '',
    'x',
    '[]',
    '{"do":"declare","more":1}',
    '{"do":"toString"}',
    '{"__proto__":{"do":"declare"}}',
  ])
    assert.equal((await post(body)).status, 400, body);
  assert.equal((await post(`{"do":"declare","note":"${'x'.repeat(5000)}"}`)).status, 413);
  assert.equal((await post({ do: 'declare' }, { headers: { 'content-type': 'text/plain' } })).status, 415);
  assert.equal((await post({ do: 'declare', note: 'x'.repeat(501) })).status, 400);
});

test('pages may load nothing from elsewhere, be framed by nobody, and are not kept', async () => {
  const { headers, text } = await ask('/team');
  const policy = String(headers['content-security-policy']);
  for (const rule of ["default-src 'none'", "script-src 'self'", "frame-ancestors 'none'", "base-uri 'none'"])
    assert.ok(policy.includes(rule), rule);
  assert.doesNotMatch(policy, /unsafe|\*|http/);
  assert.equal(headers['cache-control'], 'no-store');
  assert.doesNotMatch(text, /<script>|style=|onclick|https?:/);
});

test('an action is answered once it is kept, and every open page hears of it', async () => {
  const live = await fetch(`http://127.0.0.1:${server.port}/live`, {
    headers: { authorization: `Bearer ${access.team}` },
  });
  const reader = live.body!.getReader();
  const next = async () => new TextDecoder().decode((await reader.read()).value);
  assert.match(await next(), /^data: \{"now":\d+,"shown":\{"role":"team"/);
  const { status, text } = await post({ do: 'declare', note: 'carts fail' });
  assert.deepEqual([status, JSON.parse(text).said.slice(0, 8)], [200, 'Declared']);
  assert.match(await next(), /carts fail/);
  // What a team may not know is not even a sign of life.
  await game.note({ event: 'acted', at: systemClock.now(), entry: 0 });
  await game.note({ ...unwell(5, 'x'), at: systemClock.now() } as never);
  await post({ do: 'cause', service: 'api', kind: 'stopped' });
  const told = await next();
  assert.match(told, /Named as the cause: api, it does not run/);
  await reader.cancel();
  const refused = await post({ do: 'resolve' });
  assert.deepEqual([refused.status, JSON.parse(refused.text).said], [409, 'Not yet: x.']);
});

test('two at the same moment are decided one after the other', async () => {
  const said = await Promise.all(
    ['frozen', 'frozen', 'frozen'].map((kind) => post({ do: 'cause', service: 'api', kind })),
  );
  assert.deepEqual(said.map(({ status }) => status).sort(), [200, 409, 409]);
});
