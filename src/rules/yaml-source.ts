import type { z } from 'zod';
import type { Problem } from '../core/errors.ts';
import { positionOf, problemIn } from '../core/positions.ts';
import { inOrder } from '../core/problems.ts';
import { readText } from '../core/read-file.ts';
import { type FileKind, openSource } from '../core/yaml-source.ts';

/** A configuration file of a server, read as YAML and checked; what its schema does not name is let through. */
export interface Config<T> {
  value?: T;
  problems: Problem[];
  /** Where the value at a path stands; the beginning of the file where there is none. */
  placeOf(path: readonly PropertyKey[]): { line: number; column: number };
}

/** Rules and configurations of a server; the largest that are known are generated, and have some MiB. */
export const MOST_CONFIG_BYTES = 16 * 1024 * 1024;

/** Reads a file with every mistake in its place; one that cannot be read is a mistake of its first line. */
export function readConfigFile<T>(file: string, schema: z.ZodType<T>, kind: FileKind): Config<T> {
  const read = readText(file, kind.called, { mostBytes: MOST_CONFIG_BYTES });
  return 'text' in read
    ? parseConfig(read.text, file, schema, kind)
    : { problems: [read.problem], placeOf: () => ({ line: 1, column: 1 }) };
}

/** Reads a text with every mistake in its place. */
export function parseConfig<T>(text: string, file: string, schema: z.ZodType<T>, kind: FileKind): Config<T> {
  const { source, plain, problems: broken } = openSource(text, file, { ...kind, foreign: true });
  const placeOf = (path: readonly PropertyKey[]) => {
    const { line, column } = positionOf(source, path);
    return { line, column };
  };
  if (!plain) return { problems: inOrder(broken), placeOf };
  const parsed = schema.safeParse(plain);
  if (parsed.success) return { value: parsed.data, problems: [], placeOf };
  const problems = parsed.error.issues.map(({ path, message }) =>
    problemIn(source, path, `${path.join('.') || 'this file'}: ${message}`),
  );
  return { problems: inOrder(problems), placeOf };
}
