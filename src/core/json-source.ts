import { createScanner, findNodeAtLocation, type Node, type ParseError, parseTree } from 'jsonc-parser';
import type { LineCounter } from 'yaml';
import type { Problem } from './errors.ts';
import { linesOf, type Path, problemAt } from './positions.ts';

/** A run record nests ten deep. What walks a value may not come back from a depth that the parser takes. */
const DEEPEST = 100;

/** A JSON text that was read, or why it cannot be. */
export interface JsonSource {
  /** Undefined where there is a problem. */
  value?: unknown;
  problems: Problem[];
  /** A problem at the value at a path; where that is missing, at the nearest thing that is there. */
  problemIn(path: Path, message: string): Problem;
}

/** Reads a JSON text. Places are only looked for where they are asked for, as that takes ten times as long. */
export function openJson(text: string, file: string): JsonSource {
  let lines: LineCounter | undefined;
  let tree: Node | undefined;
  const at = (offset: number, message: string) => {
    lines ??= linesOf(text);
    return problemAt({ file, text, lines }, offset, message);
  };
  const problemIn = (path: Path, message: string) => {
    tree ??= parseTree(text);
    return at(tree ? offsetOf(tree, path) : 0, message);
  };
  const refused = (offset: number, message: string) => ({
    problems: [at(offset, message)],
    problemIn,
  });
  try {
    const value: unknown = JSON.parse(text);
    return nestsDeeper(value, DEEPEST)
      ? refused(tooDeepAt(text) ?? 0, TOO_DEEP)
      : { value, problems: [], problemIn };
  } catch {
    const deep = tooDeepAt(text);
    if (deep !== undefined) return refused(deep, TOO_DEEP);
    const errors: ParseError[] = [];
    parseTree(text, errors, { allowTrailingComma: false, disallowComments: true });
    return refused(errors[0]?.offset ?? 0, 'no valid JSON');
  }
}

const TOO_DEEP = 'nested too deeply';

/** Level by level, as what recurs is what this protects. */
function nestsDeeper(value: unknown, depth: number): boolean {
  let level = [value];
  for (let i = 0; i <= depth; i++) {
    level = level.flatMap((one) => (typeof one === 'object' && one !== null ? Object.values(one) : []));
    if (level.length === 0) return false;
  }
  return true;
}

/** Of jsonc-parser's SyntaxKind, which is a const enum and so not to be had by a single file. */
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET, END] = [1, 2, 3, 4, 17] as const;

/** Where a text nests deeper than anything we write; undefined where it does not. */
function tooDeepAt(text: string): number | undefined {
  const scanner = createScanner(text, true);
  let depth = 0;
  for (let kind: number = scanner.scan(); kind !== END; kind = scanner.scan()) {
    if (kind === OPEN_BRACE || kind === OPEN_BRACKET) depth += 1;
    if (kind === CLOSE_BRACE || kind === CLOSE_BRACKET) depth -= 1;
    if (depth > DEEPEST) return scanner.getTokenOffset();
  }
  return undefined;
}

function offsetOf(tree: Node, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(tree, path.slice(0, length) as (string | number)[]);
    if (node) return node.offset;
  }
  return tree.offset;
}
