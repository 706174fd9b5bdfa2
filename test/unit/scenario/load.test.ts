import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatProblem } from '../../../src/core/problems.ts';
import { readScenario } from '../../../src/scenario/load.ts';

const known = { alerts: ['InstanceDown', 'ProbeFailed'], services: ['api', 'nginx', 'postgres'] };

const GOOD = `name: good
title: A good one
traffic: { connections: 3, url: /api/products }
baseline: 30s
timeline:
  - id: outage
    at: 10s
    fault: { type: container-stop, target: api, for: 3m }
  - at: 0s
    load:
      url: http://api:5000/api/slow
      stages:
        - { to: 20, over: 1m }
        - { hold: 1m30s }
expect:
  - alert: InstanceDown
    labels: { job: api }
    because: outage
    within: 20s
    weight: 2
tolerate:
  - alert: ProbeFailed
stop_when: up == 2
`;

/** \`line:column message | hint\` of every problem in a text. */
function problems(text: string, file = 'good.yaml'): string[] {
  return readScenario(text, file, known).problems.map(
    ({ line, column, message, hint }) => `${line}:${column} ${message}${hint ? ` | ${hint}` : ''}`,
  );
}

/** The problems after one change to the good file. */
const changed = (from: string, to: string) => {
  assert.ok(GOOD.includes(from), from);
  return problems(GOOD.replace(from, to));
};

test('a good file becomes a scenario in milliseconds, its steps in order of time', () => {
  const { scenario } = readScenario(GOOD, 'good.yaml', known);
  assert.ok(scenario);
  assert.deepEqual(
    scenario.timeline.map(({ id, kind, atMs }) => [id, kind, atMs]),
    [
      ['load', 'load', 0],
      ['outage', 'fault', 10_000],
    ],
  );
  const [load, fault] = scenario.timeline;
  assert.deepEqual(load?.kind === 'load' && load.load.stages, [
    { to: 20, overMs: 60_000 },
    { holdMs: 90_000 },
  ]);
  assert.deepEqual(fault?.kind === 'fault' && [fault.fields, fault.forMs], [{ target: 'api' }, 180_000]);
  assert.deepEqual(scenario.traffic?.stages, [{ to: 3, overMs: 0 }, { holdMs: Number.POSITIVE_INFINITY }]);
  assert.equal(scenario.expect[0]?.withinMs, 20_000);
  assert.deepEqual(scenario.stopWhen, ['up == 2']);
});

test('three mistakes are three places, all at once and in order', () => {
  const text = GOOD.replace('title:', 'titel:')
    .replace('for: 3m', 'for: 3 minutes')
    .replace('alert: InstanceDown', 'alert: InstanceDwon');
  const found = problems(text);
  assert.equal(found.length, 3, found.join('\n'));
  assert.equal(found[0], '2:1 unknown key titel | did you mean title?');
  assert.match(found[1] ?? '', /^8:54 timeline\[0\]\.fault\.for is no duration/);
  assert.equal(found[2], '16:12 unknown alert InstanceDwon | did you mean InstanceDown?');
});

test('an unknown key points at the key', () => {
  assert.deepEqual(changed('    at: 10s', '    att: 10s'), ['7:5 unknown key att | did you mean at?']);
  assert.deepEqual(changed('target: api', 'target: api, signal: KILL'), [
    '8:49 unknown key signal | one of: target, type, for',
  ]);
});

test('a wrong type says what it must be and what it is', () => {
  assert.deepEqual(changed('weight: 2', 'weight: heavy'), [
    '20:13 expect[0].weight must be a number (it is "heavy")',
  ]);
  assert.deepEqual(changed('connections: 3', 'connections: 2.5'), [
    '3:25 traffic.connections must be a whole number (it is 2.5)',
  ]);
});

test('a bad duration, an unknown fault, container and alert', () => {
  assert.match(
    changed('baseline: 30s', 'baseline: 30 s')[0] ?? '',
    /^4:11 baseline is no duration; write it like 30s/,
  );
  assert.deepEqual(changed('container-stop', 'container-stp'), [
    '8:20 unknown fault container-stp | did you mean container-stop?',
  ]);
  assert.deepEqual(changed('target: api', 'target: apo'), ['8:44 unknown container apo | did you mean api?']);
  assert.deepEqual(changed('- alert: ProbeFailed', '- alert: ProbeFaild'), [
    '22:12 unknown alert ProbeFaild | did you mean ProbeFailed?',
  ]);
});

test('a duplicate id, a reference to no step, and a missing reference', () => {
  assert.deepEqual(changed('  - at: 0s', '  - id: outage\n    at: 0s'), [
    '9:9 there is a step called outage already | give each an id: of its own',
  ]);
  assert.deepEqual(changed('because: outage', 'because: outrage'), [
    '18:14 no step is called outrage | did you mean outage?',
  ]);
  assert.match(
    changed('    because: outage\n', '')[0] ?? '',
    /^16:5 which step should raise it\? \| because: outage/,
  );
});

test('a URL outside the lab and this machine is refused', () => {
  assert.match(
    changed('http://api:5000/api/slow', 'http://example.org/')[0] ?? '',
    /^11:12 example.org is no service of the lab/,
  );
  assert.match(changed('http://api:5000/api/slow', 'https://api/')[0] ?? '', /is no URL that can be asked/);
});

test('a step is either a load or a fault', () => {
  const both = GOOD.replace(
    '    load:\n',
    '    fault: { type: container-stop, target: nginx, for: 1s }\n    load:\n',
  );
  assert.match(problems(both)[0] ?? '', /a step has either load: or fault:/);
});

test('the same fault twice at one time is refused', () => {
  const twice = GOOD.replace(
    '  - at: 0s\n',
    '  - id: again\n    at: 1m\n    fault: { type: container-stop, target: api, for: 1s }\n  - at: 0s\n',
  );
  assert.match(problems(twice)[0] ?? '', /already in force on this target/);
});

test('nor can two of one fault on the host overlap, but one may follow the other', () => {
  const hogs = (at: string) =>
    GOOD.replace(
      '  - at: 0s\n',
      `  - id: one\n    at: 0s\n    fault: { type: cpu-hog, for: 1m }
  - id: two\n    at: ${at}\n    fault: { type: cpu-hog, for: 1m }\n  - at: 0s\n`,
    );
  assert.match(problems(hogs('30s')).join(), /already in force/);
  assert.deepEqual(problems(hogs('1m')), []);
  assert.match(problems(hogs('30s').replaceAll('cpu-hog,', 'cpu-hog, percent: 99,')).join(), /at most 95/);
});

test('a file that is no scenario at all is one or more problems, never a crash', () => {
  for (const text of [
    '',
    '~',
    '42',
    '- a\n- b',
    'name: [',
    '"',
    '%YAML',
    'a: &x [*x]',
    '\t- x',
    'a: 1\na: 2',
    '{}',
  ]) {
    const found = readScenario(text, 'x.yaml', known);
    assert.equal(found.scenario, undefined, text);
    assert.ok(found.problems.length > 0, text);
    for (const { line, column } of found.problems) assert.ok(line >= 1 && column >= 1, text);
  }
});

test('a YAML bomb is refused quickly', () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
    .split('')
    .map((key, i) => `${key}: &${key} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(',')}]`)
    .join('\n')}\n`;
  const began = performance.now();
  assert.ok(readScenario(bomb, 'x.yaml', known).problems.length > 0);
  assert.ok(performance.now() - began < 2000);
});

test('a key that means something to JavaScript changes nothing', () => {
  const found = problems(`${GOOD}__proto__: { polluted: true }\nconstructor: 1\n`);
  assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  assert.ok(
    found.some((one) => one.includes('unknown key constructor')),
    found.join('\n'),
  );
});

test('a problem is shown with its line and a caret, and cannot move the cursor', () => {
  const [problem] = readScenario(
    GOOD.replace('baseline: 30s', 'baseline: "\u001b[2Jx"'),
    'good.yaml',
    known,
  ).problems;
  assert.ok(problem);
  const shown = formatProblem(problem);
  assert.match(shown, /^good\.yaml:4:11: /);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is the point
  assert.doesNotMatch(shown, /\u001b/);
  const [, line, caret] = shown.split('\n');
  assert.equal(line?.indexOf('"'), caret?.indexOf('^'));
});

test('the name in a file is the name of the file', () => {
  assert.match(problems(GOOD, 'other.yaml')[0] ?? '', /^1:7 name: good is not the file's name/);
});
