// Opens pages of real runs in Debian's chromium: npm run test:browser. With CHAOS_PICTURES=1 it also leaves the pictures of docs/pictures.
import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { PACKAGE_DIR } from '../../src/core/paths.ts';
import { classPage } from '../../src/grade/class/page.ts';
import { summarise } from '../../src/grade/class/summary.ts';
import { readAssets } from '../../src/report/html/assets.ts';
import { page as pageOf } from '../../src/report/html/page.ts';
import { writeIndex } from '../../src/report/pages.ts';
import { readRecordAt } from '../../src/report/read-records.ts';
import { examine, launch, PICTURES } from '../support/browser.ts';
import { DOCUMENTED, gradeOf, OURS } from '../support/grade.ts';

const run = readRecordAt(process.env.CHAOS_RECORD ?? join(PACKAGE_DIR, 'test/fixtures/record'));
const folder = mkdtempSync(join(tmpdir(), 'chaos-browser-'));
const report = join(folder, 'report.html');

let browser: Browser;
before(async () => {
  writeFileSync(report, pageOf(run.record, readAssets()));
  browser = await launch();
});
after(() => browser?.close());

/** Opens a page, and fails on anything it says on the console, and on any request that leaves the file. */
async function opened(file: string, options: BrowserContextOptions): Promise<Page> {
  // The page's own policy forbids the checker, which is put in beside it.
  const context = await browser.newContext({ ...options, bypassCSP: true });
  const page = await context.newPage();
  const said: string[] = [];
  page.on('console', (message) => said.push(message.text()));
  page.on('pageerror', (error) => said.push(error.message));
  page.on('request', (request) => {
    if (request.url() !== pathToFileURL(file).href) said.push(`asked for ${request.url()}`);
  });
  await page.goto(pathToFileURL(file).href);
  await page.waitForTimeout(300);
  assert.deepEqual(said, []);
  return page;
}

const LOOKS: [string, BrowserContextOptions][] = [
  ['light', { colorScheme: 'light', viewport: { width: 1200, height: 900 } }],
  ['dark', { colorScheme: 'dark', viewport: { width: 1200, height: 900 } }],
  ['narrow', { colorScheme: 'light', viewport: { width: 360, height: 800 } }],
];

for (const [name, options] of LOOKS)
  test(`the page asks for nothing, says nothing, and axe finds nothing: ${name}`, async () => {
    const page = await opened(report, options);
    await examine(page);
    assert.ok(
      (await page.locator('.chart canvas').count()) === 2 * run.record.load.length,
      'every chart is drawn',
    );
    if (PICTURES) await page.screenshot({ path: join(PICTURES, `report-${name}.png`), fullPage: true });
    await page.context().close();
  });

test('without a script, verdict, score, timeline and numbers are there', async () => {
  const page = await opened(report, { javaScriptEnabled: false });
  const words = (await page.locator('body').textContent()) ?? '';
  for (const { alert } of run.record.expectations) assert.ok(words.includes(alert), alert);
  assert.ok(words.toLowerCase().includes(run.record.verdict));
  assert.ok((await page.locator('.timeline svg rect').count()) > run.record.expectations.length);
  await page.context().close();
});

test('it prints on A4', async () => {
  const page = await opened(report, {});
  const pdf = await page.pdf({
    format: 'A4',
    ...(PICTURES ? { path: join(PICTURES, 'report-a4.pdf') } : {}),
  });
  assert.ok(pdf.length > 10_000);
  await page.context().close();
});

test('the index is as clean', async () => {
  const index = await writeIndex(folder, [{ ...run, file: join(folder, 'run.json') }]);
  const page = await opened(index, {});
  await page.getByRole('link', { name: run.record.scenario }).click();
  assert.equal(page.url(), pathToFileURL(report).href);
  await page.context().close();
});

for (const [name, options] of LOOKS)
  test(`the page of a class is as clean: ${name}`, async () => {
    const file = join(folder, 'class.html');
    const graded = { gradedAt: '2026-01-01T00:00:00.000Z', tookMs: 1, kept: false };
    const stacks = [
      { name: 'ours', grade: gradeOf(OURS), ...graded },
      { name: 'documented', host: 'room-a', grade: gradeOf(DOCUMENTED), ...graded },
      { name: 'down', host: 'room-b', reason: 'The Docker engine ssh://teacher@lab-b does not answer' },
    ];
    writeFileSync(file, classPage(summarise('class.yaml', 'en', stacks)));
    const page = await opened(file, options);
    await examine(page);
    assert.equal(await page.locator('.timeline .bar.load').count(), 10);
    // Of each of two stacks, six criteria.
    assert.equal(await page.locator('.timeline .bar.team').count(), 12);
    await page.getByRole('link', { name: 'documented' }).click();
    assert.match(page.url(), /#s1$/);
    await page.context().close();
  });
