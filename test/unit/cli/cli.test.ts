import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { EXIT_CODES } from '../../../src/core/errors.ts';
import { PACKAGE_DIR } from '../../../src/core/paths.ts';
import { labDir } from '../../../src/stack/lab-file.ts';
import { chaos, chaosWith } from '../../support/chaos.ts';

test('help names every command and every exit code', () => {
  const { status, stdout } = chaos('--help');
  assert.equal(status, 0);
  for (const command of [
    'up',
    'down',
    'status',
    'doctor',
    'list',
    'validate',
    'plan',
    'run',
    'regrade',
    'mutate',
    'gameday',
  ])
    assert.match(stdout, new RegExp(`chaos ${command}\\b`));
  for (const { code, meaning } of Object.values(EXIT_CODES))
    assert.match(stdout, new RegExp(`${code} +${meaning.slice(0, 20)}`));
});

test('every command explains itself: usage, each option, two examples, exit codes, where to read on', () => {
  const names = [...chaos('--help').stdout.matchAll(/^ {2}chaos (\w+)/gm)].map(([, name]) => name!);
  const commands = [...new Set(names)].filter((name) => name !== 'completion');
  assert.ok(commands.length >= 17, commands.join());
  for (const name of commands) {
    const { status, stdout } = chaos(name, '--help');
    assert.equal(status, 0, name);
    assert.match(stdout, RegExp(`^chaos ${name}\\b.*\n\n\\w.{20,}`), name);
    const examples = stdout.split('\nExamples:\n')[1]?.match(/^ {2}\S.*? {2,}\S/gm) ?? [];
    assert.ok(examples.length >= 2, `${name} has ${examples.length} examples`);
    for (const [, option, rest] of stdout.matchAll(/^ {2,}(--[\w-]+) *(.*)$/gm))
      assert.match(rest!, /^\w/, `${name} ${option} is not explained`);
    assert.match(stdout, /^Exit codes: /m, name);
    const file = /^More: (docs\/\w+\.md)$/m.exec(stdout)?.[1];
    assert.ok(file && existsSync(join(PACKAGE_DIR, file)), `${name}: ${file}`);
  }
});

test('a word that is nearly one of ours is told which', () => {
  for (const [args, said] of [
    [['runn', 'x'], /no command called runn[\s\S]*did you mean chaos run\?/],
    [['up', '--speeed=10'], /chaos up has no option --speeed[\s\S]*did you mean --speed\?/],
    [['inbox', '--no-folow'], /no option --folow[\s\S]*did you mean --follow\?/],
    [['--verbos', 'status'], /no option --verbos[\s\S]*did you mean --verbose\?/],
    [['up', '--images', 'debain'], /--images cannot be debain[\s\S]*did you mean debian\?/],
    [['up', '--images', 'none'], /--images cannot be none[\s\S]*one of: auto, official, debian/],
    [['run', 'api-outag'], /did you mean api-outage\?/],
    [['init', 'x', '--fault', 'container-stp'], /did you mean container-stop\?/],
    [['init', 'x', '--target', 'apii'], /did you mean api\?/],
    [['run'], /Something is missing behind chaos run: chaos run <scenario\.\.>/],
    [['inbox', '--forward'], /--forward needs a value/],
    [['up', 'foo'], /chaos up does not know what to do with foo/],
    [[], /Name a command/],
  ] as const) {
    const { status, stderr } = chaos(...args);
    assert.equal(status, 2, args.join(' '));
    assert.match(stderr, said, args.join(' '));
  }
});

test('bad usage is exit 2, in a sentence, without a stack', () => {
  for (const args of [
    [],
    ['runn'],
    ['run'],
    ['up', '--speeed', '10'],
    ['up', '--images', 'none'],
    ['run', 'no-such-scenario'],
    ['status', '--name', '../x'],
    ['regrade'],
    ['regrade', 'no-such-record'],
    ['regrade', 'test/fixtures/record', '--rules', 'no-such-rules'],
    ['gameday', 'no-such-day', '--name', 'no-such-lab'],
    ['gameday', '--port', '99999'],
    ['gameday', 'first', '--resume', 'reports/x'],
    ['grade'],
    ['grade', 'stack', '--static', '--roster', 'class.yaml'],
    ['grade', 'stack', '--static', '--out', 'grades'],
    ['grade', '--roster', 'no-such-class.yaml'],
    ['mutate', '--reports', 'test/fixtures/none'],
    ['mutate', '--reports', 'test/fixtures/record'],
  ]) {
    const { status, stderr, stdout } = chaos(...args);
    assert.equal(status, 2, args.join(' '));
    assert.ok(stderr.length > 0 && !/\n\s+at /.test(stderr), stderr);
    assert.equal(stdout, '', args.join(' '));
  }
});

test('a scenario with three mistakes gets three places and exit 2', () => {
  const file = join(mkdtempSync(join(tmpdir(), 'chaos-')), 'broken.yaml');
  writeFileSync(
    file,
    'name: broken\ntitel: x\ntimeline:\n  - fault: { type: container-stop, target: apii, for: 3 minutes }\nexpect:\n  - alert: InstanceDown\n',
  );
  const { status, stderr } = chaos('validate', file);
  assert.equal(status, 2);
  const places = [...stderr.matchAll(/broken\.yaml:(\d+):(\d+): /g)].map(
    ([, line, column]) => `${line}:${column}`,
  );
  assert.deepEqual(places, ['2:1', '4:44', '4:55']);
  assert.match(stderr, /did you mean title\?/);
});

test('a plan lists what is touched in the lab that is named, and how it is taken back', () => {
  const { stdout } = chaos('plan', 'cpu-hog', 'stale-upstream', '--name', 'mine');
  assert.match(stdout, /^ {2}host the host, 0s to .*\n.* → given back as its helper ends$/m);
  assert.match(stdout, /^ {2}file mine-nginx, 0s to 3m \(stale\)\n.* → removed, reloaded/m);
  assert.match(stdout, /^ {2}url GET http:\/\/api:5000\/api\/products, -1m to /m);
});

test('a URL that is not allowed is refused by validate and plan, and taken with the configuration that allows it', () => {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-'));
  const file = join(dir, 'afar.yaml');
  const url = 'http://shop.staging.internal:8080/x';
  writeFileSync(
    file,
    `name: afar\ntitle: "\\e[2Jx"\ntraffic: { connections: 1, url: "${url}" }\nwatch: 1m\n`,
  );
  for (const command of ['validate', 'plan', 'run']) {
    const { status, stderr } = chaos(command, file);
    assert.equal(status, 2, command);
    assert.match(
      stderr,
      /afar\.yaml:3:33: .*\n[\s\S]*allow: \{ urls: \["http:\/\/shop\.staging\.internal:8080"\] \}/,
    );
  }
  const config = join(dir, 'mine.yaml');
  writeFileSync(config, 'allow:\n  urls: [http://shop.staging.internal:8080]\n');
  assert.equal(chaos('validate', file, '--config', config).status, 0);
  const { status, stdout } = chaos('plan', file, '--config', config);
  assert.equal(status, 0);
  assert.ok(stdout.includes(`url GET ${url}`));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that there is none is the point
  assert.doesNotMatch(stdout, /\u001b/);
  writeFileSync(config, 'allow: { url: [] }\n');
  const wrong = chaos('validate', file, '--config', config);
  assert.equal(wrong.status, 2);
  assert.match(wrong.stderr, /mine\.yaml:1:10: unknown key url/);
  assert.match(wrong.stderr, /afar\.yaml:3:33/);
});

test('a plan is printed, and as JSON nothing else is', () => {
  const { status, stdout } = chaos('plan', 'high-load', '--json');
  assert.equal(status, 0);
  const plan = JSON.parse(stdout);
  assert.equal(plan.scenario, 'high-load');
  assert.ok(
    plan.expectations.every(
      ({ earliestMs, deadlineMs }: Record<string, number>) => earliestMs! < deadlineMs!,
    ),
  );
});

test('a lab that is not there is exit 3, with what to do', () => {
  const { status, stderr } = chaosWith({}, 'status', '--name', 'no-such-lab');
  assert.equal(status, 3);
  assert.match(stderr, /chaos up/);
});

test('too high a speed is refused before anything is touched', () => {
  const { status, stderr } = chaos('up', '--name', 'no-such-lab', '--speed', '30');
  assert.equal(status, 2);
  assert.match(stderr, /prometheus\.yml:2:20: a scrape every 500ms is more often than once a second/);
  assert.equal(existsSync(labDir('no-such-lab')), false);
});

test('without a Docker daemon nothing is made, and the mend is named', () => {
  const env = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' };
  const { status, stderr } = chaosWith(env, 'up', '--name', 'no-such-lab');
  assert.equal(status, 3);
  assert.match(stderr, /No Docker daemon answers[\s\S]*scripts\/engine\.sh/);
  assert.equal(existsSync(labDir('no-such-lab')), false);
  const { status: sick, stdout } = chaosWith(env, 'doctor');
  assert.equal(sick, 3);
  assert.match(stdout, /missing Docker daemon/);
});

test('regrade prints the record as it is on disk, and refuses one that was changed', () => {
  const file = join(PACKAGE_DIR, 'test/fixtures/record/run.json');
  const text = readFileSync(file, 'utf8');
  const same = chaos('regrade', file, '--json');
  assert.deepEqual([same.status, same.stdout === text, same.stderr], [0, true, '']);
  assert.match(chaos('regrade', file).stdout, /The verdict is the same, byte for byte/);

  const forged = join(mkdtempSync(join(tmpdir(), 'chaos-')), 'run.json');
  writeFileSync(forged, text.replace('"firedAt": "2026-11-25T04:35:24', '"firedAt": "2026-11-25T04:35:23'));
  const { status, stdout, stderr } = chaosWith({}, 'regrade', forged, '--json');
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(stderr, /changed after it was written: history/);
});
