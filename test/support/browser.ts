import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Browser, chromium, type Page } from 'playwright-core';
import { PACKAGE_DIR } from '../../src/core/paths.ts';

const PROGRAM = process.env.CHAOS_CHROMIUM ?? '/usr/bin/chromium';
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Where pictures are left; undefined where none are wanted. */
export const PICTURES = process.env.CHAOS_PICTURES ? join(PACKAGE_DIR, 'docs/pictures') : undefined;

/** Debian's chromium. */
export async function launch(): Promise<Browser> {
  assert.ok(
    existsSync(PROGRAM),
    `There is no ${PROGRAM}: apt-get install chromium, or name another in CHAOS_CHROMIUM.`,
  );
  return await chromium.launch({ executablePath: PROGRAM, args: ['--no-sandbox'] });
}

/** Fails on whatever axe finds, and on what is wider than the window. Needs a context with `bypassCSP`. */
export async function examine(page: Page): Promise<void> {
  await page.evaluate(AXE);
  const found = await page.evaluate(async () => {
    type Violation = { id: string; impact: string; nodes: { html: string }[] };
    const { axe } = globalThis as never as { axe: { run(): Promise<{ violations: Violation[] }> } };
    const { violations } = await axe.run();
    return violations.map(
      ({ id, impact, nodes }) =>
        `${impact} ${id}: ${nodes
          .map(({ html }) => html)
          .slice(0, 3)
          .join(' ')}`,
    );
  });
  assert.deepEqual(found, []);
  const wide = await page.evaluate(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  assert.equal(wide, 0, 'nothing is wider than the window');
}

/** For what a lab needs its time for. */
export const LIMIT_MS = 180_000;

/** Waits until something is shown. */
export async function seen(page: Page, where: string, what: RegExp): Promise<void> {
  const found = page.locator(where).filter({ hasText: new RegExp(what.source, 's') });
  await found
    .first()
    .waitFor()
    .catch(async (error) => {
      throw new Error(`${what} in ${where}: ${await page.locator('body').textContent()}`, { cause: error });
    });
}

/** Presses a button until it is answered as it should be. */
export async function pressed(page: Page, name: string, answer: RegExp): Promise<void> {
  const giveUpAt = performance.now() + LIMIT_MS;
  for (;;) {
    await page.getByRole('button', { name, exact: true }).click();
    await page.locator('#said').filter({ hasText: /\S/ }).waitFor();
    const text = (await page.locator('#said').textContent()) ?? '';
    if (answer.test(text)) return;
    assert.ok(performance.now() < giveUpAt, `${name}: ${text}`);
    await pause(1000);
  }
}
