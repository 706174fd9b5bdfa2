import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type YAMLMap,
} from 'yaml';
import type { Position, Problem } from './errors.ts';
import { shortened } from './visible.ts';

export type Path = readonly PropertyKey[];

/** A text with what is needed to point into it. */
export interface Lines {
  file: string;
  text: string;
  lines: LineCounter;
}

/** A YAML text with what is needed to point at its values. */
export interface Source extends Lines {
  document: Document;
  /** What each alias stands for. The parser's own search goes through the whole document. */
  targets: Map<Alias, Node>;
}

/** Messages quote the file, which may hold a word of any length. */
const LONGEST_MESSAGE = 300;

/** Where each line of a text begins. */
export function linesOf(text: string): LineCounter {
  const lines = new LineCounter();
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);
  return lines;
}

/** A problem at an offset of the text. */
export function problemAt(source: Lines, offset: number, message: string, hint?: string): Problem {
  const { file, text, lines } = source;
  const { line, col } = lines.linePos(Math.min(offset, Math.max(0, text.length - 1)));
  const from = lines.lineStarts[line - 1] ?? 0;
  const end = text.indexOf('\n', from);
  return {
    file,
    line: Math.max(1, line),
    column: Math.max(1, col),
    source: text.slice(from, end < 0 ? undefined : end).replace(/\r$/, ''),
    message: shortened(message, LONGEST_MESSAGE),
    ...(hint ? { hint: shortened(hint, LONGEST_MESSAGE) } : {}),
  };
}

/** A problem at the value at a path; where that is missing, at the key of the nearest thing that is there. */
export function problemIn(source: Source, path: Path, message: string, hint?: string): Problem {
  return problemAt(source, offsetOf(source, path), message, hint);
}

/** A problem at a key of the mapping at a path. */
export function problemAtKey(
  source: Source,
  path: Path,
  key: string,
  message: string,
  hint?: string,
): Problem {
  const found = follow(source, [...path, key]);
  return problemAt(source, (found?.key ?? found?.value)?.range?.[0] ?? 0, message, hint);
}

/** Where the value at a path begins. */
export function positionOf(source: Source, path: Path): Position {
  const { file, line, column } = problemIn(source, path, '');
  return { file, line, column };
}

function offsetOf(source: Source, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const found = follow(source, path.slice(0, length));
    // Something inside a mapping is missing: its own key says where better than its first line.
    const node = length < path.length ? (found?.key ?? found?.value) : (found?.value ?? found?.key);
    if (node?.range) return node.range[0];
  }
  return source.document.contents?.range?.[0] ?? 0;
}

/** Where a path leads, and the key it stands under; aliases are followed to what they stand for. */
function follow({ document, targets }: Source, path: Path): { key?: Node; value: Node | null } | undefined {
  let at: { key?: Node; value: Node | null } = { value: document.contents as Node | null };
  for (const part of path) {
    const node = isAlias(at.value) ? targets.get(at.value) : at.value;
    if (isSeq(node) && typeof part === 'number' && part < node.items.length) {
      at = { value: node.items[part] as Node };
      continue;
    }
    const pair = isMap(node) ? pairOf(node, part) : undefined;
    if (!pair) return undefined;
    at = { key: pair.key as Node, value: pair.value as Node | null };
  }
  return at;
}

function pairOf(map: YAMLMap, key: PropertyKey) {
  return map.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === String(key));
}
