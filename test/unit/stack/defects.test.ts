import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PACKAGE_DIR, STACK_DIR } from '../../../src/core/paths.ts';
import { makePlan } from '../../../src/plan/plan.ts';
import { readScenario } from '../../../src/scenario/load.ts';
import { readStackRules } from '../../../src/stack/render.ts';
import { DEFECTS, readStack } from '../../support/defects.ts';

const documented = join(PACKAGE_DIR, 'test/fixtures/documented');

for (const [name, has] of Object.entries(DEFECTS)) {
  test(`defect ${name}`, () => {
    assert.equal(has(readStack(documented)), true, 'the documented stack has it');
    assert.equal(has(readStack(STACK_DIR)), false, 'ours has not');
  });
}

test('defect 4: a load too small or too short for the rule it should raise', () => {
  const { rules, cadence } = readStackRules();
  /** Whether the load of a scenario is above 50 connections from its peak to the alert's deadline. */
  const canFire = (file: string) => {
    const { scenario, problems } = readScenario(readFileSync(file, 'utf8'), file, {});
    assert.ok(scenario, JSON.stringify(problems));
    const [step] = scenario.timeline;
    assert.equal(step?.kind, 'load');
    const peak = Math.max(...step.load.stages.map((stage) => ('to' in stage ? stage.to : 0)));
    const plan = makePlan(scenario, rules, cadence);
    const due = plan.expectations.find(({ alert }) => alert === 'HighActiveRequests')!;
    return peak > 50 && plan.steps[0]!.endMs >= due.deadlineMs;
  };
  assert.equal(canFire(join(documented, 'slow-load.yaml')), false);
  assert.equal(canFire(join(PACKAGE_DIR, 'scenarios/high-load.yaml')), true);
});

test('every alert has a severity, a summary, a description and a runbook that is there', () => {
  const { rules } = readStackRules();
  assert.ok(rules.alerts.length >= 16);
  const bare = rules.alerts.filter(
    ({ name, labels, annotations }) =>
      !labels.severity ||
      !annotations.summary ||
      !annotations.description ||
      annotations.runbook_url !== `stack/runbooks/${name}.md` ||
      !readFileSync(join(PACKAGE_DIR, annotations.runbook_url), 'utf8').startsWith(`# ${name}\n`),
  );
  assert.deepEqual(
    bare.map(({ name }) => name),
    [],
  );
});
