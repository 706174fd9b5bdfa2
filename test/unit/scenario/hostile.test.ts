import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatProblem } from '../../../src/core/problems.ts';
import { readScenario } from '../../../src/scenario/load.ts';
import { file, KNOWN, problems, STOP } from './support.ts';

/** Fails where a text is not refused within ten seconds; what explodes takes minutes. */
function refused(text: string): string[] {
  const began = performance.now();
  const found = problems(text);
  assert.ok(performance.now() - began < 10_000, 'quickly');
  assert.ok(found.length > 0, 'refused');
  return found;
}

test('a key that stands twice is told at the second, also deep inside', () => {
  assert.deepEqual(problems(`${file(STOP)}title: u\n`), ['7:1 this key stands here twice']);
  assert.deepEqual(problems(file(STOP.replace('api', 'api, target: nginx'))), [
    '4:49 this key stands here twice',
  ]);
});

test('what is no YAML, or more than one document, is told at its place', () => {
  assert.match(problems(file(STOP.replace(' }', '')))[0] ?? '', /^5:1 no valid YAML/);
  assert.deepEqual(problems(`${file(STOP)}---\nname: y\n`), [
    '7:1 a scenario is one YAML document: no second ---',
  ]);
  assert.match(problems(file(STOP.replace('api', '!!js/function api')))[0] ?? '', /^4:44 .*Unresolved tag/);
  assert.deepEqual(problems(`${file(STOP)}watch: *nowhere\n`), ['7:8 nothing is called &nowhere']);
});

test('nesting without end is one problem', () => {
  for (const text of ['['.repeat(30_000), `${'['.repeat(3000)}${']'.repeat(3000)}`, '{a: '.repeat(5000)])
    assert.match(refused(`name: ${text}`).join('\n'), /^1:\d+ nested too deeply$/);
});

test('a value that contains itself is refused, as it cannot be sent', () => {
  const step = '  - load: { requests: [{ url: /x, body: &b { a: *b } }], stages: [{ to: 5, over: 1m }] }';
  assert.deepEqual(problems(file(step)), ['4:49 &b contains itself']);
});

test('many aliases are refused before they are followed', () => {
  const found = refused(`a: &a 1\nb: [${'*a, '.repeat(30_000)}]\n`);
  assert.match(found.join('\n'), /^2:\d+ more than 50 aliases; write it out$/);
});

test('a file full of mistakes is refused quickly, and not at endless length', () => {
  const lines = (line: (index: number) => string) => Array.from({ length: 6000 }, (_, i) => line(i)).join('');
  for (const text of [lines((i) => `k${i}: 1\n`), file(lines((i) => `  - { id: s${i}, at: 1x }\n`))]) {
    const found = refused(text);
    assert.equal(found.length, 101);
    assert.match(found.at(-1) ?? '', /and more from here on/);
  }
  assert.match(
    refused(`${file(STOP)}stop_when:\n${lines((i) => `  - ${i}\n`)}`).join('\n'),
    /^8:3 stop_when must have at most 200 entries$/,
  );
});

test('a message does not repeat a word of any length', () => {
  const long = 'x'.repeat(500_000);
  for (const one of [
    ...refused(file(STOP).replace('name: x', `name: ${long}`)),
    ...refused(file(STOP.replace('api', long))),
    ...refused(file(STOP).replace('InstanceDown', long)),
  ])
    assert.ok(one.length < 700, String(one.length));
});

test('keys that mean something to JavaScript are keys', () => {
  for (const key of ['__proto__', 'constructor', 'toString', 'hasOwnProperty']) {
    assert.match(refused(`${file(STOP)}${key}: { polluted: true }\n`)[0] ?? '', /^7:1 unknown key/);
    refused(file(STOP.replace('container-stop', key)));
    refused(file(STOP.replace('target', key)));
  }
  assert.match(refused(file(STOP, '    labels: { __proto__: x }\n'))[0] ?? '', /^7:15 no alert has a label/);
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
});

test('nothing in a file, nor its name, can move the cursor or turn the line around', () => {
  const [problem] = readScenario('"a\\e\u202eb\u2028\u0007": 1\n', '\u001b[2J.yaml', KNOWN).problems;
  const all = readScenario('"\\e[31mkey\\u202e": 1\n"\u202e\u2028": 2\n', '\u001b[2J.yaml', KNOWN).problems;
  for (const one of [problem!, ...all]) {
    for (const line of formatProblem(one).split('\n')) assert.doesNotMatch(line, /\p{Cc}|[\u2028-\u202e]/u);
  }
  assert.match(formatProblem(problem!), /^\u241b\[2J\.yaml:1:1: /);
});
