import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { PACKAGE_DIR } from '../../../src/core/paths.ts';
import { canonical, chainOf, changedParts, PARTS } from '../../../src/report/chain.ts';
import type { RunRecord } from '../../../src/report/record.ts';

const read = () =>
  JSON.parse(
    readFileSync(join(PACKAGE_DIR, 'test/fixtures/record/run.json'), 'utf8'),
  ) as Required<RunRecord> & Record<string, unknown>;
const changed = (record: Required<RunRecord>) => changedParts(record, record.chain);

test('a record as it was written has no changed part', () => {
  assert.deepEqual(changed(read()), []);
});

test('a change of any key is pinned to its part, and to no other', () => {
  const keys = Object.keys(read()).filter((key) => key !== 'chain');
  assert.equal(keys.length, 35);
  for (const key of keys) {
    const record = read();
    record[key] = 'something else';
    const part = Object.entries(PARTS).find(([, named]) => (named as readonly string[]).includes(key))?.[0];
    assert.deepEqual(changed(record), [part ?? 'run'], key);
  }
});

test('the smallest change deep in a part is seen, and so are a key too many and one too few', () => {
  const other = read();
  other.history![0]!.firedAt = new Date(Date.parse(other.history![0]!.firedAt!) + 1).toISOString();
  assert.deepEqual(changed(other), ['history']);
  assert.deepEqual(changed(Object.assign(read(), { teacher: 'was here' })), ['run']);
  const { score: _, ...less } = read();
  assert.deepEqual(changedParts(less, read().chain), ['verdict']);
});

test('two changes are two parts', () => {
  assert.deepEqual(changed(Object.assign(read(), { score: 100.1, load: [] })), ['load', 'verdict']);
});

test('whoever mends the hash of the part that was changed breaks the next one', () => {
  const record = Object.assign(read(), { history: [] });
  const at = record.chain.findIndex(({ part }) => part === 'history');
  record.chain[at] = chainOf(record)[at]!;
  assert.deepEqual(changed(record), ['samples']);
});

test('a part of another record does not fit in, not even with its hash', () => {
  const other = Object.assign(read(), { scenario: 'quiet', history: [] });
  const record = Object.assign(read(), { history: other.history });
  const at = record.chain.findIndex(({ part }) => part === 'history');
  record.chain[at] = chainOf(other)[at]!;
  assert.deepEqual(changed(record), ['history', 'samples']);
});

test('links that are missing, doubled or in another order are a changed chain', () => {
  const { chain } = read();
  for (const links of [[], chain.slice(1), [...chain, chain[0]!], [...chain].reverse()])
    assert.deepEqual(changedParts(read(), links), ['chain']);
});

test('the canonical form has sorted keys, no blanks, and nothing that is undefined', () => {
  assert.equal(
    canonical({ b: [1, undefined, { d: 'ä"', c: null }], a: 0.5 }),
    '{"a":0.5,"b":[1,null,{"c":null,"d":"ä\\""}]}',
  );
  assert.equal(canonical({ x: undefined, '10': 1, '9': true }), '{"10":1,"9":true}');
});

test('the order of keys and the layout of the text change nothing', () => {
  const turned = Object.fromEntries(Object.entries(read()).reverse());
  assert.deepEqual(changedParts(turned, read().chain), []);
});
