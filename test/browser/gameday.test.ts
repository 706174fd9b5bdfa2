// Plays a whole mystery on a real lab, named in CHAOS_TEST_LAB, with a facilitator's and a team's browser: npm run
// test:browser. With CHAOS_PICTURES=1 it also leaves the pictures of docs/pictures.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import type { Result } from '../../src/gameday/result.ts';
import { examine, LIMIT_MS, launch, PICTURES, pressed, seen } from '../support/browser.ts';
import { docker, LAB, startChaos } from '../support/lab.ts';

const SKIP = process.env.CHAOS_TEST_LAB
  ? false
  : 'needs a lab: CHAOS_TEST_LAB=dev, after chaos up --name dev --speed 10';
const folder = mkdtempSync(join(tmpdir(), 'chaos-gameday-'));
const reports = join(folder, 'reports');
const schedule = join(folder, 'browser.yaml');

const SCHEDULE = `name: browser
title: A mystery for two browsers
traffic:
  connections: 3
  requests: [{ url: /api/products }, { url: /api/cart, method: POST }, { url: /api/order, method: POST }]
# What a crowded machine raises by itself.
tolerate: [{ alert: HighCPU }, { alert: HighMemory }, { alert: DiskSpaceLow }, { alert: HighLatencyP95 }, { alert: SLOLatencyBreach }]
schedule:
  - decoy: restart.yaml
    after: 20m
  - incident: cache-outage
    after: 20m
    limit: 60m
    cause: Redis was stopped.
    hints: [Which endpoint fails?, What does only the cart need?]
  - incident: probe-outage
    after: 20m
    limit: 60m
    cause: nginx was stopped.
  - quiet: 20s
`;
const DECOY = `name: restart
title: A decoy that nobody may know of
timeline:
  - fault: { type: container-restart, target: redis-exporter, for: 20s }
watch: 1m
`;
/** What a team must not be told. */
const SECRETS = [
  'cache-outage',
  'probe-outage',
  'The cache stops',
  'decoy',
  'container-',
  'the cart need',
  'nginx was',
];

let browser: Browser;
before(async () => {
  if (SKIP) return;
  writeFileSync(schedule, SCHEDULE);
  writeFileSync(join(folder, 'restart.yaml'), DECOY);
  browser = await launch();
});
after(() => browser?.close());

const said: string[] = [];

/** A browser of its own; what its console says is kept. */
async function opened(url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1200, height: 900 }, ...options });
  context.setDefaultTimeout(LIMIT_MS);
  const page = await context.newPage();
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  await page.goto(url);
  await seen(page, '#link', /Connected/);
  return page;
}

async function named(team: Page, service: string, kind: string, answer: RegExp): Promise<void> {
  await team.getByLabel('What is broken').selectOption(service);
  await team.getByLabel('How').selectOption({ label: kind });
  await team.getByRole('button', { name: 'Name the cause' }).click();
  await seen(team, '#declared', answer);
}

async function declared(team: Page, note: string): Promise<void> {
  await team.getByLabel('What is seen').fill(note);
  await team.getByRole('button', { name: 'Declare an incident' }).click();
  await seen(team, '#declared', new RegExp(note));
}

async function started(...args: string[]) {
  const game = startChaos('gameday', ...args, '--name', LAB, '--reports', reports);
  const giveUpAt = performance.now() + 60_000;
  for (;;) {
    const [, team, facilitator] = /team +(\S+)\n +facilitator +(\S+)\n/.exec(game.output()) ?? [];
    if (team && facilitator) return { ...game, team, facilitator };
    if (performance.now() > giveUpAt || game.child.exitCode !== null) throw new Error(game.output());
    await pause(100);
  }
}

/** The team's whole view, as its page is sent it. */
const stateOf = (team: Page) =>
  team.evaluate<string>(
    "fetch('/state', { headers: { authorization: 'Bearer ' + sessionStorage.getItem('chaos-gameday-team') } }).then((one) => one.text())",
  );

async function picture(page: Page, name: string): Promise<void> {
  if (PICTURES) await page.screenshot({ path: join(PICTURES, `gameday-${name}.png`), fullPage: true });
}

/** Another browser of the same role, looked at by axe. */
async function look(url: string, name: string, options: BrowserContextOptions): Promise<void> {
  const page = await opened(url, { ...options, bypassCSP: true });
  await examine(page);
  await picture(page, name);
  await page.context().close();
}

test('a mystery is played by two browsers, and a killed orchestrator loses no score', {
  skip: SKIP,
  timeout: 900_000,
}, async () => {
  let game = await started(schedule, '--mystery');
  try {
    const facilitator = await opened(game.facilitator);
    const team = await opened(game.team);
    assert.equal(new URL(team.url()).hash, '', 'no token stays in the address bar');

    await pressed(facilitator, 'Pause', /Paused/);
    await seen(team, '#clock', /paused/);
    await pressed(facilitator, 'Go on', /Goes on/);

    // A decoy, and a team that takes it for an incident.
    await pressed(facilitator, 'Begin the next now', /It begins now/);
    await seen(facilitator, '#feed', /restart has taken effect/);
    await declared(team, 'an exporter is gone');
    await named(team, 'redis', 'it does not run', /wrong/);
    await pressed(team, 'All is well again', /Checked/);
    await seen(team, '#board', /nothing was wrong/);

    // An incident, mended by hand.
    await pressed(facilitator, 'Begin the next now', /It begins now/);
    await seen(team, '#alerts tr', /RedisDown.*firing/);
    await declared(team, 'carts fail');
    await pressed(team, 'All is well again', /Not yet: /);
    await named(team, 'api', 'it does not run', /wrong/);
    await pressed(facilitator, 'Give the next hint', /Told: Which endpoint/);
    await seen(team, '#hints', /Which endpoint fails/);
    await picture(team, 'team');
    await look(game.team, 'team-narrow', { viewport: { width: 360, height: 800 }, colorScheme: 'dark' });
    await look(game.facilitator, 'facilitator', {
      colorScheme: 'dark',
      viewport: { width: 1200, height: 900 },
    });
    await named(team, 'redis', 'it does not run', /right/);
    await team.reload();
    await seen(team, '#declared', /carts fail.*right/);
    const secret = await stateOf(team);
    for (const word of SECRETS) assert.ok(!secret.includes(word), word);
    assert.equal((await docker('start', `${LAB}-redis`)).code, 0);
    await pressed(team, 'All is well again', /Checked/);
    await seen(team, '#board', /incident.*of 40/);
    const points = Number(await team.locator('#points').textContent());
    assert.ok(points > 0, 'something was earned');

    // Another one, in the middle of which the orchestrator is killed.
    await pressed(facilitator, 'Begin the next now', /It begins now/);
    await seen(team, '#alerts tr', /ProbeFailed.*firing/);
    await declared(team, 'nobody gets in');
    await named(team, 'nginx', 'it does not run', /right/);
    game.child.kill('SIGKILL');
    await game.ended;
    await seen(team, '#link', /connection is lost/);
    game = await started();
    assert.match(game.output(), /Going on with the game day in/);
    await seen(team, '#link', /Connected/);
    await seen(facilitator, '#entries tr', /The way in is closed.*restart/);
    assert.equal((await docker('inspect', '-f', '{{.State.Running}}', `${LAB}-nginx`)).stdout.trim(), 'true');
    await seen(team, '#board', /incident.*incident.*not counted/);
    assert.ok(
      Number(await team.locator('#points').textContent()) > points,
      'nothing is lost, and the rest counts',
    );

    await seen(team, '#link', /The game day is over/);
    await seen(facilitator, '#link', /The game day is over/);
    await picture(facilitator, 'over');
    assert.deepEqual((await game.ended).code, 0, game.output());
  } finally {
    game.child.kill('SIGINT');
    await game.ended;
  }
  // A stream that is cut off, and an answer that refuses, are told on the console by the browser itself.
  assert.deepEqual(
    said.filter((line) => !/ERR_|status of 409/.test(line)),
    [],
  );

  const [dir] = readdirSync(reports);
  const result: Result = JSON.parse(readFileSync(join(reports, dir!, 'gameday.json'), 'utf8'));
  const [, cache, probe] = result.entries;
  assert.deepEqual(
    [cache?.how, probe?.how, result.restarts, result.falseAlarms],
    ['mitigated', 'restart', 1, 1],
  );
  const { detect, acknowledge, diagnose, mitigate } = cache!.tookMs;
  assert.ok(detect! >= 60_000 && detect! < acknowledge! && acknowledge! < diagnose! && diagnose! < mitigate!);
  assert.deepEqual(
    probe?.parts.map(({ of }) => of),
    [30, 30, 0],
  );
  assert.ok(probe?.parts.every(({ points, of }) => of === 0 || points > 0));
  assert.deepEqual([cache?.hints, cache?.wrong.length], [1, 1]);
  assert.ok(cache?.alerts.some(({ alert, firedAt }) => alert === 'RedisDown' && firedAt !== null));
  assert.deepEqual(readdirSync(join(reports, dir!)).sort(), [
    'events.jsonl',
    'gameday.json',
    'report.html',
    'review.md',
  ]);

  const page = await (await browser.newContext({ bypassCSP: true })).newPage();
  await page.goto(pathToFileURL(join(reports, dir!, 'report.html')).href);
  await examine(page);
  await picture(page, 'report');
});
