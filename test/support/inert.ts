import assert from 'node:assert/strict';

/** Nothing in it moves a cursor, turns the line around or breaks it. */
export function inert(shown: string, allowed = ''): void {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: our own colours
  const plain = shown.replace(/\u001b\[\d+m/g, '').replaceAll(allowed || '\u0000', '');
  assert.doesNotMatch(plain, /[\p{Cc}\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/u);
}
