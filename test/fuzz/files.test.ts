import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzz } from '../support/fuzz.ts';
import { TARGETS } from '../support/fuzz-targets.ts';

/** Over all kinds together; `npm run fuzz` takes ten times as many, others each time. */
const INPUTS = 2000;
const SEED = 20_261_125;

for (const { name } of TARGETS) {
  test(`a broken file is refused at its place or read, and never more: ${name}`, () => {
    const [result] = fuzz({ inputs: Math.ceil(INPUTS / TARGETS.length), seed: SEED, only: name });
    assert.equal(result?.escape, undefined, result?.escape);
    // What refuses everything, or nothing, tests only half.
    assert.ok(result!.refused > 0 && result!.accepted > 0, JSON.stringify(result));
  });
}
