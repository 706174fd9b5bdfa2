import { closest, distance } from 'fastest-levenshtein';
import { type Document, isMap, type LineCounter, type Node, type Pair, Scalar } from 'yaml';
import type { z } from 'zod';
import type { Problem } from '../core/errors.ts';

type Path = readonly PropertyKey[];

/** A YAML text with what is needed to point into it. */
export interface Source {
  file: string;
  text: string;
  document: Document;
  lines: LineCounter;
}

/** A problem at an offset of the text. */
export function problemAt(
  { file, text, lines }: Source,
  offset: number,
  message: string,
  hint?: string,
): Problem {
  const { line, col } = lines.linePos(Math.min(offset, Math.max(0, text.length - 1)));
  const source = text.split('\n')[line - 1] ?? '';
  return {
    file,
    line: Math.max(1, line),
    column: Math.max(1, col),
    source,
    message,
    ...(hint ? { hint } : {}),
  };
}

/** A problem at the value at a path, or where that is missing at the nearest thing that is there. */
export function problemIn(source: Source, path: Path, message: string, hint?: string): Problem {
  return problemAt(source, offsetOf(source.document, path), message, hint);
}

/** `did you mean …?`, where one of the known words is near enough to be meant. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const nearest = closest(
    word.toLowerCase(),
    known.map((one) => one.toLowerCase()),
  );
  const meant = known.find((one) => one.toLowerCase() === nearest)!;
  // A third of the letters wrong is a slip; more is another word.
  if (distance(word.toLowerCase(), nearest) <= Math.max(1, Math.ceil(meant.length / 3)))
    return `did you mean ${meant}?`;
  return known.length <= 12 ? `one of: ${known.join(', ')}` : undefined;
}

/** What zod found, each with its place. An unknown key points at the key, a missing one at what should hold it. */
export function problemsOf(
  source: Source,
  issues: readonly z.core.$ZodIssue[],
  keysAt: (path: Path) => string[],
): Problem[] {
  const misspelt = misspeltKeys(issues, keysAt);
  return issues.flatMap((issue): Problem[] => {
    const path = issue.path;
    if (issue.code === 'unrecognized_keys') {
      return issue.keys.map((key) =>
        problemAt(
          source,
          keyOffset(source.document, path, key),
          `unknown key ${key}`,
          didYouMean(key, keysAt(path)),
        ),
      );
    }
    if (issue.code === 'invalid_union' && 'discriminator' in issue && issue.discriminator) {
      const given = source.document.getIn([...path]);
      const options = (issue as { options?: string[] }).options ?? keysAt(path);
      if (given === undefined || typeof given !== 'string')
        return [problemIn(source, path.slice(0, -1), `needs a type: one of ${options.join(', ')}`)];
      return [problemIn(source, path, `unknown fault ${given}`, didYouMean(given, options))];
    }
    const value = source.document.getIn([...path]);
    if (value === undefined && misspelt.has(JSON.stringify(path))) return [];
    if (value === undefined && issue.code === 'invalid_type') {
      return [problemIn(source, path, `${String(path.at(-1) ?? 'the file')} is missing`)];
    }
    const name = path.length > 0 ? `${where(path)} ` : '';
    const shown = value instanceof Object || value === undefined ? '' : ` (it is ${JSON.stringify(value)})`;
    return [problemIn(source, path, `${name}${wording(issue)}${shown}`, hintFor(issue, value))];
  });
}

/** Paths of keys that are only missing because they are misspelt: one mistake, told where it was made. */
function misspeltKeys(issues: readonly z.core.$ZodIssue[], keysAt: (path: Path) => string[]): Set<string> {
  const meant = issues.flatMap((issue) => {
    if (issue.code !== 'unrecognized_keys') return [];
    const known = keysAt(issue.path);
    return issue.keys.flatMap((key) => {
      const hint = didYouMean(key, known);
      return known
        .filter((one) => hint === `did you mean ${one}?`)
        .map((one) => JSON.stringify([...issue.path, one]));
    });
  });
  return new Set(meant);
}

/** Plain text: place, message, the line with a caret, the hint. Nothing in it can move a terminal's cursor. */
export function formatProblem({ file, line, column, message, source, hint }: Problem): string {
  const parts = [`${file}:${line}:${column}: ${visible(message)}`];
  if (source !== undefined) {
    // Long lines are cut around the column, so that the caret stays on the screen.
    const from = Math.max(0, column - 61);
    const cut = visible(source.slice(from, from + 100));
    const prefix = `${String(line).padStart(5)} | `;
    const caret = visible(source.slice(from, column - 1)).length;
    parts.push(prefix + cut, `${' '.repeat(prefix.length + caret)}^`);
  }
  if (hint) parts.push(`      ${visible(hint)}`);
  return parts.join('\n');
}

/** Control characters as their pictures, so that hostile text stays text. */
function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, (one) => (one === '\t' ? ' ' : '\u{fffd}'));
}

function wording(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type')
    return `must be ${issue.expected === 'int' ? 'a whole number' : article(issue.expected)}`;
  if (issue.code === 'invalid_value') return `must be ${issue.values.join(' or ')}`;
  if (issue.code === 'too_small')
    return issue.message.startsWith('Too small') ? `must be at least ${issue.minimum}` : issue.message;
  if (issue.code === 'too_big')
    return issue.message.startsWith('Too big') ? `must be at most ${issue.maximum}` : issue.message;
  return issue.message;
}

function article(type: string): string {
  const names: Record<string, string> = {
    string: 'text',
    number: 'a number',
    boolean: 'true or false',
    array: 'a list',
    object: 'a mapping',
    record: 'a mapping',
  };
  return names[type] ?? type;
}

function hintFor(issue: z.core.$ZodIssue, value: unknown): string | undefined {
  return issue.code === 'invalid_value' && typeof value === 'string'
    ? didYouMean(value, issue.values.map(String))
    : undefined;
}

/** `timeline[0].load.stages[1]` */
function where(path: Path): string {
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${String(part)}`))
    .join('');
}

function offsetOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true) as Node | undefined;
    if (!node?.range) continue;
    // Something inside a mapping is missing: its own key says where better than its first line.
    return length < path.length
      ? keyOffset(document, path.slice(0, length - 1), path[length - 1]!)
      : node.range[0];
  }
  return (document.contents as Node | null)?.range?.[0] ?? 0;
}

function keyOffset(document: Document, path: Path, key: PropertyKey): number {
  const map = path.length === 0 ? document.contents : document.getIn([...path], true);
  if (isMap(map)) {
    const pair = map.items.find(
      (item: Pair) => item.key instanceof Scalar && String(item.key.value) === String(key),
    );
    const range = (pair?.key as Scalar | undefined)?.range;
    if (range) return range[0];
  }
  return (
    (document.getIn([...path, key], true) as Node | undefined)?.range?.[0] ??
    (map as Node | null)?.range?.[0] ??
    0
  );
}
