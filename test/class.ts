// A class of eight stacks, three of them broken, on two Docker engines: graded in one command, which is interrupted in the
// middle of an incident and begun again. npm run class. It brings everything up itself, and takes it down again.
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { ClassSummary } from '../src/grade/class/summary.ts';
import { debianImage } from '../src/stack/images.ts';
import { docker, startChaos } from './support/lab.ts';
import { type Changes, type Learner, learner } from './support/learner.ts';
import { startSecondEngine } from './support/second-engine.ts';

const { values } = parseArgs({
  options: { speed: { type: 'string', default: '3' }, limit: { type: 'string', default: '1' } },
});
const speed = Number(values.speed);

const put =
  (from: string | RegExp, to: string) =>
  (text: string): string =>
    text.replace(from, to);

/** Who has done what to our stack; null is a stack that nobody has started. */
const FIRST: Record<string, Changes | null> = {
  ada: {},
  bob: {},
  // Its alert on a dead target can never fire.
  carol: { 'prometheus/rules/infrastructure.yml': put(/expr: up == 0/, 'expr: up < 0') },
  dave: {},
};
const SECOND: Record<string, Changes | null> = {
  erin: {},
  // Nobody hears of anything.
  frank: { 'alertmanager/alertmanager.yml': put(/^( +)webhook_configs:\n(?:\1 +.*\n|\1-.*\n)+/m, '') },
  grace: {},
  heidi: null,
};

const under = mkdtempSync(join(tmpdir(), 'chaos-class-'));
const began = Date.now();
const say = (line: string) =>
  console.log(`[${((Date.now() - began) / 1000).toFixed(0).padStart(5)} s] ${line}`);

await using second = await startSecondEngine();
say('a second engine is there; copying the image');
await second.copyImage(debianImage());
const stacks: (Learner & { host: string; started: boolean })[] = [
  ...Object.entries(FIRST).map(([name, changes]) => ({ name, changes, host: 'first' })),
  ...Object.entries(SECOND).map(([name, changes]) => ({ name, changes, host: 'second' })),
].map(({ name, changes, host }) => ({
  ...learner(under, name, {
    changes: changes ?? {},
    speed,
    ...(host === 'second' ? { engine: second.url } : {}),
  }),
  host,
  started: changes !== null,
}));

try {
  for (const { name, started, host, up } of stacks) {
    if (!started) continue;
    await up();
    say(`${name} is up on the ${host} engine`);
  }
  const roster = join(under, 'class.yaml');
  writeFileSync(
    roster,
    `hosts:
  first: { at: default, limit: ${values.limit} }
  second: { at: ${second.url}, limit: ${values.limit} }
stacks:
${stacks.map(({ name, dir, host, project }) => `  - { name: ${name}, dir: ${dir}, host: ${host}, project: ${project} }`).join('\n')}
`,
  );
  const args = ['grade', '--roster', roster, '--json', '--reports', join(under, 'reports')];
  const finished = (said: string) => said.match(/^.* \(\d+ of \d+ done\)$/gm) ?? [];

  const first = startChaos(...args);
  while (finished(first.output()).length < 2) {
    assert.equal(first.child.exitCode, null, first.output());
    await pause(500);
  }
  // In the middle of an incident of another one.
  const incidents = () => (first.output().match(/waiting for/g) ?? []).length;
  for (const before = incidents(); incidents() === before && first.child.exitCode === null; )
    await pause(200);
  await pause(15_000);
  first.child.kill('SIGINT');
  const interrupted = await first.ended;
  say(`interrupted, exit ${interrupted.code}:\n${interrupted.stderr}`);
  assert.equal(interrupted.code, 130);
  const before = gradedOf(interrupted.stdout);
  for (const { name, project, started, host } of stacks) {
    if (!started) continue;
    const list = ['ps', '-q', '--filter', `label=com.docker.compose.project=${project}`];
    const running = host === 'second' ? await second.docker(...list) : await docker(...list);
    assert.equal(running.stdout.trim().split('\n').length, 12, `${name} is as it was`);
  }

  const resumed = await startChaos(
    ...args,
    '--html',
    join(under, 'class.html'),
    '--csv',
    join(under, 'class.csv'),
  ).ended;
  say(`gone on with, exit ${resumed.code}:\n${resumed.stderr}`);
  const after = gradedOf(resumed.stdout);
  assert.deepEqual([...after.keys()].sort(), stacks.map(({ name }) => name).sort());
  for (const [name, at] of before) assert.equal(after.get(name), at, `${name} was graded twice`);
  say(`${before.size} were graded before the interrupt, and none of them again`);
  const summary = JSON.parse(resumed.stdout) as ClassSummary;
  for (const one of summary.stacks)
    if ('grade' in one)
      say(
        `${one.name.padEnd(6)} ${String(one.grade.score).padStart(5)}  ${one.grade.findings.map(({ id, points }) => `${id} -${points}`).join(', ')}`,
      );
  console.log(readFileSync(join(under, 'class.csv'), 'utf8'));
  say(`everything is in ${under}`);
} finally {
  for (const { started, down } of stacks) if (started) await down().catch(console.error);
}

/** When each stack was graded. */
function gradedOf(json: string): Map<string, string> {
  const { stacks: all } = JSON.parse(json) as ClassSummary;
  return new Map(all.flatMap((one) => ('grade' in one ? [[one.name, one.gradedAt] as const] : [])));
}
