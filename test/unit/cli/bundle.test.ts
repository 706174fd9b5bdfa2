import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { systemClock } from '../../../src/core/clock.ts';
import { PACKAGE_DIR } from '../../../src/core/paths.ts';
import { BUNDLE, chaosWith } from '../../support/chaos.ts';
import { serve } from '../../support/server.ts';

const here = (path: string) => join(PACKAGE_DIR, path);

test('what plans and help load is all in the bundle', () => {
  const alone = mkdtempSync(join(tmpdir(), 'chaos-'));
  for (const path of ['package.json', 'scenarios', 'stack'])
    cpSync(here(path), join(alone, path), { recursive: true, filter: (from) => !from.includes('.labs') });
  cpSync(BUNDLE, join(alone, 'dist'), { recursive: true });
  for (const args of [['--help'], ['--version'], ['list'], ['validate', 'all'], ['plan', 'high-load']]) {
    // By its name, as npm starts it.
    const { status, stderr } = spawnSync(join(alone, 'dist/cli/main.js'), args, {
      cwd: alone,
      encoding: 'utf8',
    });
    assert.deepEqual([status, stderr], [0, ''], args.join(' '));
  }
});

test('the bundle says what the sources say, in whatever language', () => {
  for (const args of [['--help'], ['plann'], ['up', '--speeed', '2']]) {
    const main = here('.build/src/cli/main.js');
    const env = { ...process.env, NO_COLOR: '1' };
    const { stdout, stderr } = spawnSync(process.execPath, [main, ...args], { env, encoding: 'utf8' });
    const bundled = chaosWith({ LC_ALL: 'de_DE.UTF-8' }, ...args);
    assert.deepEqual([bundled.stdout, bundled.stderr], [stdout, stderr], args.join(' '));
  }
});

test('a stack trace names the sources', () => {
  const { stderr } = chaosWith({}, 'plan', 'quiet', '--prometheus', 'http://127.0.0.1:9', '--verbose');
  assert.match(stderr, /^ +at .*src\/observe\/http\.ts:\d+:\d+\)$/m);
});

test('a load in the bundle finds its program', async () => {
  await using server = await serve((_, response) => response.end('ok'));
  const url = (path: string) => pathToFileURL(here(path)).href;
  const { bundle } = await import(url('scripts/build.mjs'));
  // Beside the bundle of the command line, whose chunks do not tell which of them starts a load.
  await bundle(['load/ready', 'load/generator'], here('.build/load'));
  const { readyLoad } = await import(url('.build/load/load/ready.js'));
  const stages = [{ to: 1, overMs: 0 }, { holdMs: 300 }];
  const requests = [{ method: 'GET', url: server.url }];
  const load = { name: 'bundled', model: 'closed', requests, stages };
  const result = await (await readyLoad(load, systemClock)).start().finished;
  assert.equal(result.error, null);
  assert.ok(result.completed > 0);
});
