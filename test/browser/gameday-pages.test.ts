// The pages of a game day, of a made-up log and without a lab: looks, widths, keyboard.
import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { systemClock } from '../../src/core/clock.ts';
import { newAccess } from '../../src/gameday/access.ts';
import type { GameEvent } from '../../src/gameday/events.ts';
import { Game } from '../../src/gameday/game.ts';
import { EventLog } from '../../src/gameday/log.ts';
import { type GameServer, serveGame } from '../../src/gameday/server.ts';
import { examine, launch } from '../support/browser.ts';
import { acted, alert, declared, effect, firstDay, STORY, steady } from '../unit/gameday/support.ts';

const LONG: GameEvent = { event: 'declared', at: STORY[0]!.at + 300_000, note: 'x'.repeat(190) };
const LOG = [
  ...STORY,
  declared(180),
  steady(190),
  acted(200, 1),
  effect(201, 1),
  alert(205, 'HighErrorRate'),
  LONG,
];
const access = newAccess('game', 0);
let browser: Browser;
let server: GameServer;
before(async () => {
  browser = await launch();
  const { log } = await EventLog.open(mkdtempSync(join(tmpdir(), 'chaos-')));
  server = await serveGame(new Game(firstDay(), log, LOG), access, systemClock);
});
after(async () => {
  await browser?.close();
  await server?.end();
});

async function opened(role: 'team' | 'facilitator', options: BrowserContextOptions = {}): Promise<Page> {
  const page = await (await browser.newContext({ bypassCSP: true, ...options })).newPage();
  await page.goto(`http://127.0.0.1:${server.port}/${role}#${access[role]}`);
  await page.locator('#link').filter({ hasText: 'Connected' }).waitFor();
  return page;
}

for (const role of ['team', 'facilitator'] as const)
  for (const colorScheme of ['light', 'dark'] as const)
    for (const width of [360, 1200])
      test(`axe finds nothing, and nothing is too wide: ${role}, ${colorScheme}, ${width} px`, async () => {
        const page = await opened(role, { colorScheme, viewport: { width, height: 800 } });
        const wider = await page.evaluate<string[]>(
          '[...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth && !one.closest(".scroll")).map((one) => one.outerHTML.slice(0, 80))',
        );
        assert.deepEqual(wider, []);
        await examine(page);
        await page.context().close();
      });

test('the keyboard reaches everything, and does it', async () => {
  const page = await opened('team');
  const reached: string[] = [];
  for (let presses = 0; presses < 12; presses++) {
    await page.keyboard.press('Tab');
    reached.push(
      await page.evaluate('document.activeElement.name || document.activeElement.textContent.slice(0, 20)'),
    );
  }
  for (const what of [
    'note',
    'Declare an incident',
    'service',
    'kind',
    'Name the cause',
    'All is well again',
  ])
    assert.ok(reached.includes(what), `${what} in ${reached.join(', ')}`);
  await page.getByLabel('What is seen').focus();
  await page.keyboard.type('by the keyboard');
  await page.keyboard.press('Enter');
  await page.locator('#declared').filter({ hasText: 'by the keyboard' }).waitFor();
  assert.match((await page.locator('#said').textContent()) ?? '', /^Declared/);
  await page.context().close();
});

test('a page that is loaded again is let in again, and shows the same', async () => {
  const page = await opened('team');
  const before = await page.locator('#board').textContent();
  await page.reload();
  await page.locator('#link').filter({ hasText: 'Connected' }).waitFor();
  assert.equal(await page.locator('#board').textContent(), before);
  await page.context().close();
});

test('a token for one page is none for the other, and none is none', async () => {
  const page = await browser.newPage();
  const link = page.locator('#link');
  await page.goto(`http://127.0.0.1:${server.port}/facilitator#${access.team}`);
  await link.filter({ hasText: 'for the other page' }).waitFor();
  assert.equal(await page.locator('#entries').textContent(), '');
  const other = await browser.newPage();
  await other.goto(`http://127.0.0.1:${server.port}/team`);
  await other.locator('#link').filter({ hasText: 'Not let in' }).waitFor();
});
