import type { z } from 'zod';
import { scenarioSchema } from './schema.ts';

/** The parts of zod's schemas that are walked here. */
interface Walkable {
  def: {
    type: string;
    innerType?: Walkable;
    element?: Walkable;
    valueType?: Walkable;
    options?: Walkable[];
    values?: unknown[];
  };
  shape?: Record<string, Walkable>;
}

/**
 * The keys that may stand at a path of a file of that schema; at the type of a fault, the types. The file itself says
 * which of several shapes is meant: beside `type: container-stop` only the fields of that fault are known.
 */
export function keysAt(
  path: readonly PropertyKey[],
  file: unknown,
  schema: z.ZodType = scenarioSchema,
): string[] {
  let value = file;
  let found = open(schema as unknown as Walkable, value);
  for (const part of path) {
    value = valueAt(value, [part]);
    found = found.flatMap((schema) => into(schema, part, value));
  }
  const words = found.flatMap(({ shape, def }) =>
    shape ? Object.keys(shape) : (def.values ?? []).map(String),
  );
  return [...new Set(words)];
}

/** The value at a path of a plain value; undefined where there is none. */
export function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, part) =>
      at !== null && typeof at === 'object' && Object.hasOwn(at, part)
        ? (at as Record<PropertyKey, unknown>)[part]
        : undefined,
    value,
  );
}

/** Through what only wraps a schema: optional, default, a union of several. */
function open(schema: Walkable, value: unknown): Walkable[] {
  const { type, innerType, options } = schema.def;
  if (innerType) return open(innerType, value);
  if (type !== 'union' || !options) return [schema];
  const all = options.flatMap((option) => open(option, value));
  const said = valueAt(value, ['type']);
  const chosen = all.filter(({ shape }) => shape?.type?.def.values?.includes(said));
  return chosen.length > 0 ? chosen : all;
}

function into(schema: Walkable, part: PropertyKey, value: unknown): Walkable[] {
  if (typeof part === 'number') return schema.def.element ? open(schema.def.element, value) : [];
  // A mapping whose keys are the user's own words.
  if (schema.def.valueType) return open(schema.def.valueType, value);
  const inner = schema.shape && Object.hasOwn(schema.shape, part) ? schema.shape[String(part)] : undefined;
  return inner ? open(inner, value) : [];
}
