import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatProblem } from '../../../src/core/problems.ts';
import { didYouMean } from '../../../src/core/suggest.ts';
import { FAULTS } from '../../../src/faults/index.ts';
import { file, load, problems, STOP } from './support.ts';

const DURATION = 'is no duration; write it like 30s, 5m or 1m30s';
const STAGE = 'must be { to: <connections>, over: <duration> } or { hold: <duration> }';
const URL_HINT = 'a path such as /api/products, or http://<service>:<port>/path';

const CASES: Record<string, [text: string, ...problems: string[]]> = {
  'a misspelt key is not also told as missing': [
    file(STOP).replace('alert:', 'alrt:'),
    '6:5 unknown key alrt | did you mean alert?',
  ],
  'a misspelt list is not also told by all that refers to it': [
    file(STOP).replace('timeline', 'timelin'),
    '3:1 unknown key timelin | did you mean timeline?',
  ],
  'a misspelt expect: is not also told as nothing expected': [
    file(STOP).replace('expect', 'expct'),
    '5:1 unknown key expct | did you mean expect?',
  ],
  'a misspelt id: is not also told by because:': [
    file(`${STOP.replace('fault', 'ide: a\n    fault')}\n${load('/x')}`, '    because: a\n'),
    '4:5 unknown key ide | did you mean id?',
  ],
  'a misspelt fault:': [file(STOP.replace('fault', 'fualt')), '4:5 unknown key fualt | did you mean fault?'],
  'a misspelt type: of a fault': [
    file(STOP.replace('type', 'typ')),
    '4:14 unknown key typ | did you mean type?',
  ],
  'a fault without a type, at its key': [
    file('  - fault: { target: api, for: 1m }'),
    `4:5 needs a type: one of ${FAULTS.map(({ type }) => type).join(', ')}`,
  ],
  'a missing key, at the key of what should hold it': [
    file('  - fault:\n      type: container-stop\n      target: api'),
    '4:5 for is missing',
  ],
  'a number where a duration belongs': [
    file(STOP.replace('1m', '60')),
    `4:54 timeline[0].fault.for ${DURATION} (it is 60)`,
  ],
  'a fault for no time': [
    file(STOP.replace('1m', '0s')),
    '4:54 timeline[0].fault.for must be longer than 0s (it is "0s")',
  ],
  'a within: of no time': [
    file(STOP, '    within: 0s\n'),
    '7:13 expect[0].within must be longer than 0s (it is "0s")',
  ],
  'two mistakes in one stage': [
    file(load('/x', '[{ to: x, over: 1 m }]')),
    '4:37 timeline[0].load.stages[0].to must be a whole number (it is "x")',
    `4:46 timeline[0].load.stages[0].over ${DURATION} (it is "1 m")`,
  ],
  'half a ramp': [file(load('/x', '[{ to: 5 }]')), '4:31 over is missing'],
  'a ramp and a hold in one': [
    file(load('/x', '[{ to: 5, over: 1m, hold: 1m }]')),
    `4:31 timeline[0].load.stages[0] ${STAGE}`,
  ],
  'a hold of nothing': [
    file(load('/x', '[{ hold: 1m }]')),
    '4:31 there is no connection to hold yet | begin with { to: 10, over: 0s }',
  ],
  'no stage': [file(load('/x', '[]')), '4:30 timeline[0].load.stages needs at least one stage'],
  'too many connections': [
    file(load('/x', '[{ to: 5000, over: 1m }]')),
    '4:37 a closed load has at most 1000 connections (not 5000)',
  ],
  'a step that ends after more than a day': [
    file(STOP.replace('- fault', '- at: 24h\n    fault')),
    '4:5 ends 1d1m after the baseline; a day is the most',
  ],
  'a container and a key that are not known': [
    file(STOP.replace('target: api', 'target: apo, sig: K')),
    '4:44 unknown container apo | did you mean api?',
    '4:49 unknown key sig | one of: target, type, for',
  ],
  'the wrong name and a mistake further down': [
    file(STOP.replace('target', 'targt')).replace('name: x', 'name: y'),
    "1:7 name: y is not the file's name | call it x, or the file y.yaml",
    '4:36 unknown key targt | did you mean target?',
  ],
  'a timeline that is no list': [
    'name: x\ntitle: t\ntimeline: { at: 1m }\nwatch: 1m\n',
    '3:11 timeline must be a list',
  ],
  'an empty step': [file('  -'), '4:4 timeline[0] must be a mapping (it is null)'],
  'nothing expected, and nothing said of how long to watch': [
    `name: x\ntitle: t\ntimeline:\n${STOP}\nexpect: []\n`,
    '5:9 where nothing is expected there must be a watch: | e.g. watch: 5m, for a run in which nothing may fire',
  ],
  'the same alert expected and tolerated, its labels in another order': [
    file(STOP, '    labels: { a: x, b: y }\ntolerate: [{ alert: InstanceDown, labels: { b: y, a: x } }]\n'),
    '8:12 InstanceDown is expected and tolerated at once | leave one of the two out',
  ],
  'a label that no alert has': [
    file(STOP, '    labels: { "job ": api }\n'),
    '7:15 no alert has a label called job ',
  ],
  'two steps of one name, by default': [
    file(`${STOP}\n${STOP.replace('api', 'nginx')}`, '    because: container-stop\n'),
    '5:5 there is a step called container-stop already | give each an id: of its own',
  ],
  'PromQL that is none, and a number': [
    file(STOP, 'stop_when: ["up ==", 5]\n'),
    '7:13 this is no PromQL',
    '7:22 stop_when[1] must be text (it is 5)',
  ],
  'a method that is none': [
    file('  - load: { requests: [{ url: /x, method: PSOT }], stages: [{ to: 5, over: 1m }] }'),
    '4:43 timeline[0].load.requests[0].method must be GET or POST or PUT or DELETE (it is "PSOT") | did you mean POST?',
  ],
  'a URL that only looks like this machine': [
    file(load('"http://localhost:80@elsewhere/"')),
    `4:18 a URL here carries no user name | ${URL_HINT}`,
  ],
  'a path that is a host': [
    file(load('//elsewhere/')),
    `4:18 //elsewhere/ is no URL that can be asked | ${URL_HINT}`,
  ],
  'a URL that ends the request line': [
    file(load('"/a\\r\\nX: y"')),
    `4:18 a URL has no space and no control character | ${URL_HINT}`,
  ],
  'what belongs to the open model alone': [
    file(load('/x').replace('url', 'arrivals: poisson, max_in_flight: 5, url')),
    '4:23 arrivals: belongs to the open model | add model: open, or leave it out',
    '4:47 max_in_flight: belongs to the open model | add model: open, or leave it out',
  ],
  'a rate no laboratory bears': [
    file(load('/x', '[{ to: 50000, over: 1m }]').replace('url', 'model: open, url')),
    '4:50 timeline[0].load.stages[0].to must be at most 10000 (it is 50000)',
  ],
  'a mistake behind an alias, where it was made': [
    'name: x\ntitle: t\ntimeline:\n  - load: &l { url: /x, stages: [{ to: 5000, over: 1m }] }\n  - { id: b, load: *l }\nwatch: 1m\n',
    '4:40 a closed load has at most 1000 connections (not 5000)',
  ],
};

for (const [name, [text, ...expected]] of Object.entries(CASES)) {
  test(name, () => assert.deepEqual(problems(text), expected));
}

test('places are the same with Windows line ends and a byte order mark', () => {
  const text = file(STOP.replace('1m', '1 m')).replace('name', 'nam');
  assert.deepEqual(problems(`\u{feff}${text.replaceAll('\n', '\r\n')}`), problems(text));
  assert.equal(problems(text)[0], '1:1 unknown key nam | did you mean name?');
});

test('a long line is cut around the caret', () => {
  const source = `${'a'.repeat(5000)}!${'b'.repeat(5000)}`;
  const [, line = '', caret = ''] = formatProblem({
    file: 'x.yaml',
    line: 1,
    column: 5001,
    source,
    message: 'm',
    hint: 'h',
  }).split('\n');
  assert.ok(line.length < 120);
  assert.equal(line.indexOf('!'), caret.indexOf('^'));
});

test('a hint is marked as one', () => {
  assert.match(
    formatProblem({ file: 'x', line: 1, column: 1, message: 'm', hint: 'do it' }),
    /\n +hint: do it$/,
  );
});

test('a word far from all that are known gets the list, if it is short', () => {
  assert.equal(didYouMean('Api', ['api', 'nginx']), 'did you mean api?');
  assert.equal(didYouMean('wholly-other', ['api', 'nginx']), 'one of: api, nginx');
  assert.equal(didYouMean('x', []), undefined);
});
