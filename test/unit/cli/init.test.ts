import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { chaos, chaosIn } from '../../support/chaos.ts';

const cwd = mkdtempSync(join(tmpdir(), 'chaos-init-'));
const here = (...args: string[]) => chaosIn(cwd, ...args);

test('init writes a scenario that validate and plan take, and never over one that is there', () => {
  assert.equal(here('init', 'mine').status, 0);
  assert.match(readFileSync(join(cwd, 'scenarios/mine.yaml'), 'utf8'), /\$schema=.*scenario\.schema\.json/);
  assert.equal(here('validate', 'mine').status, 0);
  assert.match(here('plan', 'mine').stdout, /InstanceDown\{job="api"\}/);
  const again = here('init', 'mine', '--fault', 'cpu-hog');
  assert.equal(again.status, 2);
  assert.match(again.stderr, /scenarios\/mine\.yaml is there already/);
});

test('what cannot be meant is refused with the nearest that can', () => {
  for (const [args, hint] of [
    [['init', 'My Outage'], /small letters, digits and dashes/],
    [['init', 'other', '--fault', 'container-stp'], /did you mean container-stop\?/],
    [['init', 'other', '--target', 'apy'], /did you mean api\?/],
    [['init', 'other', '--alert', 'InstanceDwn'], /did you mean InstanceDown\?/],
  ] as const) {
    const { status, stderr } = here(...args);
    assert.equal(status, 2);
    assert.match(stderr, hint);
  }
});

test('the completion script names the command, and what it asks for is told', () => {
  assert.match(chaos('completion').stdout, /###-begin-chaos-completions-###/);
  assert.match(chaos('--get-yargs-completions', 'chaos', 're').stdout, /^report/m);
});
