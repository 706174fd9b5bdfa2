import fc from 'fast-check';
import { parse, stringify } from 'yaml';

/** What somebody might write into a file to do harm, or without thinking. */
export const HOSTILE: unknown[] = [
  '<img src=x onerror=alert(1)>',
  ']]>&amp;"\'</testcase>',
  '\u001b[2J\u001b]0;title\u0007\u009b31m',
  'two\nlines\r\nand \u2028 more',
  '\u202eturned\u2066',
  'x'.repeat(100_000),
  '$(id)`id`{{ $labels.a }}',
  '\u0000',
  '\ud800',
  '__proto__',
  'constructor',
  'toString',
  '',
  '9'.repeat(400),
  '99999999y',
  '0s',
  '-5m',
  '(((((up)))))',
  'rate(up[0s])',
  'up{job=~"(a+)+$"}',
  null,
  true,
  0,
  -1,
  1e308,
  Number.MAX_SAFE_INTEGER + 2,
  0.1,
  [],
  {},
  [[[[[]]]]],
  { toString: 1, valueOf: 2 },
  { constructor: { prototype: { polluted: true } } },
  JSON.parse('{"__proto__": {"polluted": true}}'),
];

const scrap = fc.oneof(
  fc.constantFrom(...HOSTILE.map((one) => (typeof one === 'string' ? one : JSON.stringify(one)))),
  fc.constantFrom(
    '\n',
    '\t',
    ': ',
    '- ',
    '---\n',
    '&a ',
    '*a',
    '<<: *a',
    '!!js/function ',
    '"',
    "'",
    '{',
    '[',
    '#',
    '|',
    '>',
  ),
  fc.string({ unit: 'binary', maxLength: 20 }),
);

/** The text with a few stretches of it cut out, doubled or replaced. */
export function brokenTexts(seed: string): fc.Arbitrary<string> {
  const wound = fc.record({
    at: fc.nat(seed.length),
    length: fc.oneof(fc.nat(3), fc.nat(40), fc.nat(seed.length)),
    kind: fc.constantFrom('cut', 'double', 'replace', 'insert', 'end'),
    scrap,
  });
  return fc.array(wound, { minLength: 1, maxLength: 4 }).map((wounds) =>
    wounds.reduce((text, { at, length, kind, scrap }) => {
      const [head, middle, tail] = [text.slice(0, at), text.slice(at, at + length), text.slice(at + length)];
      switch (kind) {
        case 'cut':
          return head + tail;
        case 'double':
          return head + middle + middle + tail;
        case 'replace':
          return head + scrap + tail;
        case 'insert':
          return head + scrap + middle + tail;
        default:
          return head;
      }
    }, seed),
  );
}

/** The value of a YAML or JSON text with a few of its parts replaced, left out, renamed or doubled. */
export function brokenValues(seed: string, as: 'yaml' | 'json'): fc.Arbitrary<string> {
  const change = fc.record({
    turns: fc.array(fc.nat(1000), { minLength: 1, maxLength: 12 }),
    kind: fc.constantFrom('replace', 'delete', 'rename', 'double'),
    value: fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(...HOSTILE) },
      { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 2 }) },
      { weight: 1, arbitrary: fc.double() },
      { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
    ),
  });
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    const whole: unknown = as === 'yaml' ? parse(seed, { merge: true }) : JSON.parse(seed);
    for (const { turns, kind, value } of changes) alter(whole, turns, kind, value);
    // JSON has no word for what is no number.
    return as === 'yaml'
      ? stringify(whole, { aliasDuplicateObjects: false })
      : JSON.stringify(whole, null, 2);
  });
}

/** Walks into a value as far as the turns lead, and changes what is there. */
function alter(whole: unknown, turns: readonly number[], kind: string, value: unknown): void {
  let at = whole;
  for (const [i, turn] of turns.entries()) {
    if (typeof at !== 'object' || at === null) return;
    const keys = Object.keys(at);
    if (keys.length === 0) return;
    const key = keys[turn % keys.length]!;
    const holder = at as Record<string, unknown>;
    const next = holder[key];
    const last = i === turns.length - 1 || typeof next !== 'object' || next === null;
    if (last) {
      change(holder, key, kind, value);
      return;
    }
    at = next;
  }
}

function change(holder: Record<string, unknown>, key: string, kind: string, value: unknown): void {
  const own = (name: string, what: unknown) =>
    Object.defineProperty(holder, name, {
      value: what,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  if (Array.isArray(holder)) {
    if (kind === 'delete') holder.splice(Number(key), 1);
    else if (kind === 'double') holder.push(holder[Number(key)]);
    else holder[Number(key)] = value;
    return;
  }
  const before = holder[key];
  if (kind === 'replace') own(key, value);
  else delete holder[key];
  if (kind === 'rename') own(typeof value === 'string' ? value.slice(0, 200) : `${key}s`, before);
  if (kind === 'double') {
    own(key, before);
    own(`${key}2`, before);
  }
}
