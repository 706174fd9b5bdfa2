import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadConfig, readConfig } from '../../../src/scenario/config.ts';
import { readScenario } from '../../../src/scenario/load.ts';
import { file, KNOWN, load } from './support.ts';

const SHOP = 'http://shop.staging.internal:8080';
const config = (text: string) =>
  readConfig(text, 'chaos.config.yaml').problems.map(
    ({ line, column, message, hint }) => `${line}:${column} ${message}${hint ? ` | ${hint}` : ''}`,
  );
const urls = (...origins: string[]) => `allow:\n  urls:\n${origins.map((one) => `    - ${one}\n`).join('')}`;
const scenario = (url: string, allowed?: string[]) =>
  readScenario(file(load(url)), 'x.yaml', { ...KNOWN, ...(allowed ? { allowed } : {}) });

test('an origin is allowed as it is written, its default port and last slash left out', () => {
  const read = readConfig(urls(SHOP, 'http://Other.example:80/'), 'chaos.config.yaml');
  assert.deepEqual(read, { config: { allow: { urls: [SHOP, 'http://other.example'] } }, problems: [] });
});

test('what is no origin is told at its place, all at once', () => {
  const wrong = [
    `${SHOP}/api`,
    'shop:8080',
    'https://shop.example/x',
    '"http://*.example"',
    'http://user@shop.example',
    'http://localhost:3000',
    'http://127.1:80',
    'http://shop.example?x',
  ];
  const found = config(urls(SHOP, ...wrong));
  assert.deepEqual(
    found.map((one) => one.split(' ')[0]),
    wrong.map((_, index) => `${4 + index}:7`),
  );
  for (const [index, why] of [
    [0, /is no origin; write it like/],
    [2, /is no origin; write it like/],
    [3, /has a wildcard/],
    [5, /is this machine/],
    [6, /is this machine/],
  ] as const)
    assert.match(found[index]!, why);
});

test('an unknown key, another shape and another kind of file are told as those of a scenario are', () => {
  assert.deepEqual(config('allow:\n  url: []\nalow: 1\n'), [
    '2:3 unknown key url | did you mean urls?',
    '3:1 unknown key alow | did you mean allow?',
  ]);
  assert.deepEqual(config('allow: { urls: x }'), ['1:16 allow.urls must be a list (it is "x")']);
  assert.deepEqual(config('- a'), ['1:1 a configuration is a YAML mapping that begins with allow:']);
  assert.deepEqual(config('allow: {}\n---\na: 1\n'), [
    '2:1 a configuration is one YAML document: no second ---',
  ]);
  assert.match(config('allow: {}\n__proto__: { polluted: true }\n')[0] ?? '', /^2:1 unknown key __proto__/);
});

test('a file that was named must be there; the one of the folder need not', () => {
  assert.deepEqual(loadConfig(), { config: { allow: { urls: [] } }, problems: [] });
  const [missing] = loadConfig('no-such.yaml').problems;
  assert.deepEqual(
    [missing?.file, missing?.line, missing?.message],
    ['no-such.yaml', 1, 'there is no such file'],
  );
  const given = join(mkdtempSync(join(tmpdir(), 'chaos-')), 'mine.yaml');
  writeFileSync(given, urls(SHOP));
  assert.deepEqual(loadConfig(given).config?.allow.urls, [SHOP]);
});

test('load goes to an allowed origin, and nowhere near it', () => {
  const read = scenario(`${SHOP}/api/x`, [SHOP]).scenario;
  assert.deepEqual(read?.timeline[0]?.kind === 'load' && read.timeline[0].load.requests, [
    { method: 'GET', url: `${SHOP}/api/x`, allowed: true },
  ]);
  for (const near of [
    'http://shop.staging.internal/',
    'http://shop.staging.internal:8081/',
    'http://shop.staging.internal.example:8080/',
    'https://shop.staging.internal:8080/',
    'http://shop.staging.internal:8080@elsewhere.example/',
    'http://staging.internal:8080/',
  ])
    assert.equal(scenario(near, [SHOP]).scenario, undefined, near);
});

test('an origin of https is allowed for notifications, and no load goes there', () => {
  const hooks = 'https://hooks.example';
  assert.deepEqual(config(urls(hooks)), []);
  assert.equal(scenario(`${hooks}/x`, [hooks]).scenario, undefined);
});

test('what is not allowed is refused at its place, with the line that would allow it', () => {
  const [problem] = scenario(`${SHOP}/api/x`).problems;
  assert.deepEqual([problem?.line, problem?.column], [4, 18]);
  assert.equal(problem?.message, 'shop.staging.internal is no service of the lab; load goes nowhere else');
  assert.equal(problem?.hint, `allow it in chaos.config.yaml: allow: { urls: ["${SHOP}"] }`);
  // What the hint says is what the file takes.
  assert.deepEqual(config(problem!.hint!.split('chaos.config.yaml: ')[1]!), []);
});

test('a port that a service does not have is told before the run', () => {
  const [problem] = scenario('http://api:1234/').problems;
  assert.deepEqual([problem?.message, problem?.hint], ['api has no port 1234', 'it has 5000 and 5001']);
});

test('a scenario cannot allow anything by itself', () => {
  const step = `  - load: { requests: [{ url: ${SHOP}/, allowed: true }], stages: [{ to: 5, over: 1m }] }`;
  const { scenario: read, problems } = readScenario(file(step), 'x.yaml', KNOWN);
  assert.equal(read, undefined);
  assert.match(problems.map(({ message }) => message).join(), /unknown key allowed/);
});

test('a closed load asks one server: what is meant for one must not go to another', () => {
  const mixed = (model: string, ...asked: string[]) =>
    readScenario(
      file(
        `  - load: { ${model}requests: [${asked.map((url) => `{ url: "${url}" }`).join(', ')}], stages: [{ to: 5, over: 1m }] }`,
      ),
      'x.yaml',
      { ...KNOWN, allowed: [SHOP] },
    ).problems.map(({ message }) => message);
  assert.deepEqual(mixed('', '/a', 'http://nginx/b', 'http://nginx:80/c'), []);
  assert.deepEqual(mixed('', '/a', `${SHOP}/b`), [
    'a closed load asks one server, nginx:80, and this is shop.staging.internal:8080',
  ]);
  assert.deepEqual(mixed('model: open, ', '/a', `${SHOP}/b`), []);
});
