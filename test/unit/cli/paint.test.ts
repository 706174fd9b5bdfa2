import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stripVTControlCharacters } from 'node:util';
import { paint } from '../../../src/cli/paint.ts';

const LINE = [
  { text: 'on-time      ', tone: 'good' as const },
  {
    text: 'first bad sample 2.4s 2 %, pending 19s 18 %, firing 1m 58 %, received 0.1s 0 %',
    tone: 'dim' as const,
  },
];
const shown = (columns?: number) => stripVTControlCharacters(paint(LINE, columns)).split('\n');

test('in a terminal a long line is broken between words, below where it says something', () => {
  const [first, ...further] = shown(60);
  assert.ok(further.length > 0);
  assert.match(first!, /^on-time {6}first bad sample/);
  for (const line of [first!, ...further]) assert.ok(line.length <= 60, line);
  for (const line of further) assert.match(line, /^ {13}\S/);
  const words = (lines: string[]) => lines.join(' ').split(/\s+/);
  assert.deepEqual(words([first!, ...further]), words(shown()));
});

test('what fits, and what goes into a pipe, stays one line', () => {
  assert.equal(shown(200).length, 1);
  assert.equal(shown().length, 1);
});
