import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { paint } from '../../../src/cli/paint.ts';
import { safe } from '../../../src/cli/terminal.ts';
import { alertName } from '../../../src/core/labels.ts';
import { PACKAGE_DIR } from '../../../src/core/paths.ts';
import { jsonText, visible } from '../../../src/core/visible.ts';

const HOSTILE = '\u001b[2J\u001b]0;t\u0007\u009b1m\u202e\n\u2028<b>';

test('of what a terminal obeys, colours and line ends alone get through', () => {
  assert.equal(safe('\u001b[31mred\u001b[39m\nnext'), '\u001b[31mred\u001b[39m\nnext');
  assert.equal(
    safe('\u001b[2Jx\u001b[1A\u001b]0;t\u0007\r\u009b1m'),
    '\u241b[2Jx\u241b[1A\u241b]0;t\u2407\u240d\u{fffd}1m',
  );
});

test('a word from outside cannot break its line either', () => {
  for (const text of [visible(HOSTILE), paint([{ text: HOSTILE }]), alertName(HOSTILE, { job: HOSTILE })])
    assert.doesNotMatch(text, /[\p{Cc}\u2028-\u202e]/u);
});

test('JSON says the same without a character that a terminal obeys', () => {
  const value = { [HOSTILE]: [HOSTILE] };
  assert.deepEqual(JSON.parse(jsonText(value)), value);
  assert.doesNotMatch(jsonText(value).replaceAll('\n', ''), /[\p{Cc}\u2028-\u202e]/u);
});

test('commands print through the one file that sees to this', () => {
  const dir = join(PACKAGE_DIR, 'src/cli');
  const printing = readdirSync(dir, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .filter((name) => /std(out|err)\.write\(|console\./.test(readFileSync(join(dir, name), 'utf8')));
  assert.deepEqual(printing, ['terminal.ts']);
});
