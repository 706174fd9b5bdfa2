import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { PACKAGE_DIR, STACK_DIR } from '../../../src/core/paths.ts';
import { readRunbook, readRunbooks } from '../../../src/runbook/page.ts';
import { STEPS } from '../../../src/runbook/steps/index.ts';
import { readStackRules } from '../../../src/stack/render.ts';
import { chaos } from '../../support/chaos.ts';

const DIR = join(STACK_DIR, 'runbooks');
const page = (block: string) =>
  `# A\n\n## Automated\nWords.\n\n\`\`\`yaml\n${block}\n\`\`\`\n\n## Rehearse\nx\n`;
const places = (text: string) =>
  readRunbook(text, 'A.md', 'A').problems.map(
    ({ line, column, message, hint }) => `${line}:${column} ${message}${hint ? ` | ${hint}` : ''}`,
  );

test('every alert of the rules has a runbook, and every runbook an alert', () => {
  const alerts = readStackRules().rules.alerts.map(({ name }) => name);
  assert.deepEqual([...readRunbooks(DIR).keys()].sort(), [...new Set(alerts)].sort());
});

test('the steps of the lab are those that are sensible, and every page says why or why not', () => {
  const runbooks = [...readRunbooks(DIR).values()];
  const automated = runbooks.filter(({ steps }) => steps.length > 0);
  assert.deepEqual(
    Object.fromEntries(
      automated.map(({ alert, steps }) => [alert, steps.map(({ step, target }) => `${step.type} ${target}`)]),
    ),
    {
      InstanceDown: ['container-start $target', 'container-restart $target'],
      LongRunningQuery: ['postgres-terminate-sessions postgres'],
      PostgresConnectionsNearMax: ['postgres-terminate-sessions postgres'],
      PostgresDown: ['container-start postgres'],
      ProbeFailed: [
        'container-start api',
        'container-restart api',
        'container-start nginx',
        'nginx-reload nginx',
      ],
      RedisDown: ['container-start redis'],
    },
  );
  for (const { alert, text, steps } of runbooks) {
    const section = text.split('## Automated\n')[1] ?? '';
    assert.match(section, steps.length > 0 ? /^[A-Z][^#]{60,}/ : /^A person decides[^`]{20,}/, alert);
  }
});

test('the document of runbooks names every step there is', () => {
  const document = readFileSync(join(PACKAGE_DIR, 'docs/notifications.md'), 'utf8');
  for (const { type } of STEPS) assert.ok(document.includes(`| \`${type}`), type);
});

test('every mistake of a block is told at its place in the page, all at once', () => {
  assert.deepEqual(
    places(
      page(
        'steps:\n  - container-strat: api\n  - container-start: apii\n  - nginx-reload: api\n  - postgres-terminate-sessions: { older_than: 5 }\n  - {}\nstep: 1',
      ),
    ).map((one) => one.replace(/ must be \$target or .* \(/, ' must be … (')),
    [
      '8:5 unknown key container-strat | did you mean container-start?',
      '9:22 steps[1].container-start must be … (it is "apii") | did you mean api?',
      '10:19 steps[2].nginx-reload must be nginx (it is "api")',
      '11:48 steps[3].postgres-terminate-sessions.older_than must be text (it is 5)',
      '12:5 steps[4] must be one step, as container-start: api',
      '13:1 unknown key step | did you mean steps?',
    ],
  );
  assert.deepEqual(places(page('steps:\n  - container-start: api\n    container-restart: api')), [
    '8:5 steps[0] must be one step, as container-start: api',
  ]);
  assert.deepEqual(places(page('steps: []')), ['7:8 steps must have at least 1 entry']);
  assert.match(places(page('steps: [')).join(), /^\d+:\d+ no valid YAML/);
  assert.deepEqual(places(page('')), [
    '6:1 the block under ## Automated is a YAML mapping that begins with steps:',
  ]);
  for (const older_than of ['0s', '999ms', '2d', 'soon'])
    assert.match(
      places(page(`steps: [{ postgres-terminate-sessions: { older_than: ${older_than} } }]`)).join(),
      /must be a duration/,
    );
});

test('a page that could be taken for one with steps, or without, is refused', () => {
  const block = '```yaml\nsteps: [{ container-start: api }]\n```\n';
  assert.deepEqual(places(`# B\n\n## Automated\nx\n`), ['1:1 a runbook begins with its alert: # A']);
  assert.match(places(`# A\n\n## automated\n${block}`).join('\n'), /1:1 there is no ## Automated/);
  assert.deepEqual(places(`# A\n${block}## Automated\nx\n`), [
    '2:1 a block of yaml that is not under ## Automated',
  ]);
  assert.deepEqual(places(`# A\n## Automated\n${block}${block}`), [
    '6:1 a second block of yaml under ## Automated',
  ]);
  assert.deepEqual(places('# A\n## Automated\n```yaml\nsteps: [{ container-start: api }]\n'), [
    '3:1 this block has no end',
  ]);
  assert.deepEqual(places(`# A\r\n## Automated\r\n${block.replaceAll('\n', '\r\n')}`), []);
});

test('chaos runbook shows a page and lists all; a wrong page is exit 2 with its place', () => {
  const shown = chaos('runbook', 'RedisDown');
  assert.equal(shown.status, 0, shown.stderr);
  assert.equal(shown.stdout, readFileSync(join(DIR, 'RedisDown.md'), 'utf8'));
  const list = chaos('runbook', '--reports', 'test/fixtures/none');
  assert.match(list.stdout, /^RedisDown +start redis, where it is stopped or paused$/m);
  assert.match(list.stdout, /^HighCPU +left to a person$/m);
  assert.match(chaos('runbook', 'RedisDwn').stderr, /did you mean RedisDown\?/);
  assert.equal(chaos('runbook', '../../README').status, 2);
  const dir = mkdtempSync(join(tmpdir(), 'chaos-runbooks-'));
  writeFileSync(join(dir, 'A.md'), page('steps: [{ container-start: host }]'));
  const wrong = chaos('runbook', '--runbooks', dir);
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /A\.md:7:28: steps\[0\]\.container-start must be/);
});

test('without a terminal nobody can be asked: nothing is done, exit 2', () => {
  const { status, stderr } = chaos('runbook', '--auto', '--name', 'no-such-lab');
  assert.equal(status, 2);
  assert.match(stderr, /no terminal.*--yes/s);
});
