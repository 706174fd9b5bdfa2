import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PACKAGE_DIR, STACK_DIR } from '../../../src/core/paths.ts';
import { readStackRules } from '../../../src/stack/render.ts';
import { DEFECTS, readStack } from '../../support/defects.ts';

const documented = join(PACKAGE_DIR, 'test/fixtures/documented');

for (const [name, has] of Object.entries(DEFECTS)) {
  test(`defect ${name}`, () => {
    assert.equal(has(readStack(documented)), true, 'the documented stack has it');
    assert.equal(has(readStack(STACK_DIR)), false, 'ours has not');
  });
}

// Defects that only a plan sees, 4 and 6 among them: test/unit/plan/documented.test.ts.

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
