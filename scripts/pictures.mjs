// Makes every picture of docs/pictures: a real run in a real terminal (tmux), photographed by headless Chromium, and then
// the page of that run. npm run pictures [lab]; the lab must be up. Needs tmux and chromium (apt-get install).
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import Convert from 'ansi-to-html';

const lab = process.argv[2] ?? 'techshop';
const session = `chaos-pictures-${process.pid}`;
const out = new URL('../docs/pictures/', import.meta.url).pathname;
const scratch = mkdtempSync(join(tmpdir(), 'chaos-pictures-'));
const tmux = (...args) => execFileSync('tmux', args, { encoding: 'utf8' });
const screen = (...flags) => tmux('capture-pane', '-p', '-t', session, ...flags);

const COLOURS = { 1: '#f07178', 2: '#9ece6a', 3: '#e5c07b', 5: '#c792ea', 6: '#56b6c2', 8: '#7d8796' };

/** Waits until the screen shows something, for at most three minutes. */
async function until(shown) {
  for (let left = 360; left > 0; left--) {
    if (shown.test(screen())) return;
    await pause(500);
  }
  throw new Error(`never shown: ${shown}\n${screen()}`);
}

function photograph(name) {
  // ansi-to-html knows no faint text; grey is near enough.
  const text = screen('-e').replace(/\n+$/, '').replaceAll('\u001b[2m', '\u001b[90m');
  const lines = text.split('\n').length;
  const body = new Convert({ fg: '#d8dee9', bg: '#1b2028', escapeXML: true, colors: COLOURS }).toHtml(text);
  const page = join(scratch, `${name}.html`);
  writeFileSync(
    page,
    `<!doctype html><meta charset="utf-8"><style>body{margin:0;background:#1b2028}pre{margin:18px 22px;` +
      `font:14px/20px "DejaVu Sans Mono",monospace;color:#d8dee9}</style><pre>${body}</pre>`,
  );
  const { status, error } = spawnSync('chromium', [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    '--no-first-run',
    '--disable-background-networking',
    '--hide-scrollbars',
    '--force-device-scale-factor=2',
    `--user-data-dir=${join(scratch, 'profile')}`,
    `--window-size=940,${lines * 20 + 40}`,
    `--screenshot=${join(out, `${name}.png`)}`,
    `file://${page}`,
  ]);
  if (status !== 0)
    throw new Error(`chromium made no picture of ${name}: ${error?.message ?? `exit ${status}`}`);
}

mkdirSync(out, { recursive: true });
tmux(
  'new-session',
  '-d',
  '-s',
  session,
  '-x',
  '108',
  '-y',
  '32',
  `env -u CI FORCE_COLOR=1 node dist/cli/main.js run api-outage --name ${lab}; sleep 30`,
);
try {
  await until(/InstanceDown.*firing/);
  await pause(3000);
  photograph('live');
  await until(/Record: /);
  photograph('summary');
  const [, record] = /Record: (\S+)/.exec(screen('-J'));
  const env = { ...process.env, CHAOS_PICTURES: '1', CHAOS_RECORD: dirname(resolve(record)) };
  const { status } = spawnSync('npm', ['run', 'test:browser'], { env, stdio: 'inherit' });
  process.exitCode = status ?? 1;
} finally {
  spawnSync('tmux', ['kill-session', '-t', session]);
}
