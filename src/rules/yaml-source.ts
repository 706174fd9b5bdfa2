import { readFileSync } from 'node:fs';
import { LineCounter, type Node, parseDocument } from 'yaml';
import type { z } from 'zod';
import { messageOf, type Problem } from '../core/errors.ts';

/** A configuration file of a server, read as YAML and checked; what its schema does not name is let through. */
export interface Config<T> {
  value?: T;
  problems: Problem[];
  /** Where the value at a path stands; the beginning of the file where there is none. */
  placeOf(path: readonly PropertyKey[]): { line: number; column: number };
}

/** Reads a file with every mistake in its place; one that cannot be read is a mistake of its first line. */
export function readConfigFile<T>(file: string, schema: z.ZodType<T>): Config<T> {
  try {
    return parseConfig(readFileSync(file, 'utf8'), file, schema);
  } catch (error) {
    const problem = { file, line: 1, column: 1, message: `cannot be read: ${messageOf(error)}` };
    return { problems: [problem], placeOf: () => ({ line: 1, column: 1 }) };
  }
}

/** Reads a text with every mistake in its place. */
export function parseConfig<T>(text: string, file: string, schema: z.ZodType<T>): Config<T> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true });
  const at = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const placeOf = (path: readonly PropertyKey[]) => {
    for (let length = path.length; length > 0; length--) {
      const node = document.getIn(path.slice(0, length), true) as Node | undefined;
      if (node?.range) return at(node.range[0]);
    }
    return at(document.contents?.range?.[0] ?? 0);
  };
  const problem = (place: { line: number; column: number }, message: string) => ({
    file,
    ...place,
    source: text.split(/\r?\n/)[place.line - 1] ?? '',
    message,
  });
  const broken = document.errors.map(({ pos, message }) => problem(at(pos[0]), message.split('\n')[0]!));
  if (broken.length > 0) return { problems: broken, placeOf };
  try {
    const parsed = schema.safeParse(document.toJS());
    if (parsed.success) return { value: parsed.data, problems: [], placeOf };
    const problems = parsed.error.issues.map(({ path, message }) =>
      problem(placeOf(path), `${path.join('.') || 'this file'}: ${message}`),
    );
    return { problems, placeOf };
  } catch (error) {
    // Aliases of aliases without end: yaml gives up on them.
    return { problems: [problem(placeOf([]), messageOf(error))], placeOf };
  }
}
