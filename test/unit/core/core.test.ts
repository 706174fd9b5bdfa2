import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatDuration, humanDuration, parseDuration } from '../../../src/core/duration.ts';
import { EXIT_CODES } from '../../../src/core/errors.ts';
import { PACKAGE_DIR } from '../../../src/core/paths.ts';

test('durations are read as Prometheus reads them, and nothing else is one', () => {
  const good: [string, number][] = [
    ['0', 0],
    ['5m', 300_000],
    ['1m30s', 90_000],
    ['1s500ms', 1500],
    ['1h', 3_600_000],
    ['1d2h', 93_600_000],
  ];
  for (const [text, ms] of good) assert.equal(parseDuration(text), ms, text);
  for (const text of ['', '5', '5 m', '1.5m', '30s1m', '-1s', 'm', '5min', '1m 30s'])
    assert.equal(parseDuration(text), undefined, text);
});

test('what is written can be read again', () => {
  for (const ms of [0, 1, 999, 1500, 61_000, 90_000, 3_600_000, 90_061_001])
    assert.equal(parseDuration(formatDuration(ms)), ms);
});

test('people read tenths of a second below a minute, and seconds above', () => {
  assert.equal(humanDuration(7420), '7.4s');
  assert.equal(humanDuration(59_960), '1m');
  assert.equal(humanDuration(74_400), '1m14s');
  assert.equal(humanDuration(-500), '-0.5s');
});

test('the README tells the exit codes as they are', () => {
  const readme = readFileSync(join(PACKAGE_DIR, 'README.md'), 'utf8');
  for (const { code, meaning } of Object.values(EXIT_CODES))
    assert.ok(readme.includes(`| ${code} | ${meaning} |`), `${code} ${meaning}`);
});
