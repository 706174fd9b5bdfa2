import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCodeOf, worstOf } from '../../../src/cli/exit-codes.ts';
import { recordOf } from '../../../src/report/regrade.ts';
import type { Evidence } from '../../../src/run/record.ts';
import { evidence, stay } from '../../support/evidence.ts';

const code = (...args: Parameters<typeof evidence>) => exitCodeOf(recordOf(evidence(...args), null));
const control: Partial<Evidence> = { control: 'no-fault' };

test('a run ends with its verdict, a control with whether it held', () => {
  assert.equal(code([stay(107_000)]), 0);
  assert.equal(code([]), 1);
  assert.equal(code([], { history: null }), 4);
  assert.equal(code([], control), 0);
  assert.equal(code([stay(107_000)], control), 1);
  assert.equal(code([], { ...control, history: null }), 4);
  assert.equal(code([], { status: 'interrupted', statusReason: '' }), 130);
  assert.equal(code([], { status: 'stopped', statusReason: '' }), 5);
});

test('the worst of several runs is theirs', () => {
  assert.equal(worstOf([0, 4, 1]), 1);
  assert.equal(worstOf([0, 4]), 4);
  assert.equal(worstOf([]), 0);
});
