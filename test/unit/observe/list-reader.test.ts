import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { ListReader } from '../../../src/observe/list-reader.ts';

const item = z.object({ name: z.string(), tags: z.array(z.string()).default([]) });
const inData = z
  .object({ status: z.literal('success'), data: z.object({ alerts: z.array(z.number()) }) })
  .transform(({ data }) => data.alerts);

/** An answer as it comes over a connection, so many bytes at a time. */
async function* inChunks(text: string, bytes = 1 << 16) {
  const whole = Buffer.from(text);
  for (let at = 0; at < whole.length; at += bytes) yield whole.subarray(at, at + bytes);
}

const HOSTILE = [
  { name: 'a "quoted\\" ]}[{ one', tags: ['}', '\\', '{"name":"x"}'] },
  { name: 'Zürich – 東京', tags: [] },
  { name: '', tags: ['7'] },
];

test('a list is read wherever its answer is cut, at every depth', async () => {
  for (const bytes of [1, 2, 3, 7, 64]) {
    const plain = new ListReader(item);
    assert.deepEqual(await plain.read(inChunks(JSON.stringify(HOSTILE, null, 1), bytes)), HOSTILE);
    const inside = new ListReader(item, inData, 3);
    const answer = JSON.stringify({ warnings: ['['], data: { alerts: HOSTILE }, status: 'success' });
    assert.deepEqual(await inside.read(inChunks(answer, bytes)), HOSTILE);
  }
  assert.deepEqual(await new ListReader(item).read(inChunks('[]\n')), []);
});

test('an item that has not changed is the same object, wherever it stands; one that has is another', async () => {
  const reader = new ListReader(item);
  const read = (...names: string[]) => reader.read(inChunks(JSON.stringify(names.map((name) => ({ name })))));
  const [a, b] = await read('a', 'b');
  const [c, again, other] = await read('c', 'b', 'A');
  assert.ok(again === b && other !== a);
  assert.deepEqual([c?.name, other?.name], ['c', 'A']);
  // What was gone for one answer is forgotten, so that nothing grows.
  const [back] = await read('a');
  assert.deepEqual(back, a);
  assert.ok(back !== a);
});

test('whatever is no such list is refused', async () => {
  const answers = [
    '',
    '{}',
    '[1]',
    '[{"name":"a"},0]',
    '[{"name":1}]',
    '[{"name":"a"}',
    '{"a":[{"name":"a"}]}',
    'x]',
  ];
  for (const answer of answers) await assert.rejects(new ListReader(item).read(inChunks(answer)));
  await assert.rejects(
    new ListReader(item, inData, 3).read(inChunks('{"status":"error","data":{"alerts":[]}}')),
  );
});
