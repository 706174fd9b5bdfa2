import { scenarioSchema } from './schema.ts';

/** The parts of zod's schemas that are walked here. */
interface Walkable {
  def: { type: string; innerType?: Walkable; element?: Walkable; options?: Walkable[]; values?: unknown[] };
  shape?: Record<string, Walkable>;
}

/** The keys that may stand at a path of a scenario file; for the type of a fault, the types. */
export function keysAt(path: readonly PropertyKey[]): string[] {
  const found = path.reduce<Walkable[]>(
    (schemas, part) => schemas.flatMap((schema) => into(schema, part)),
    open(scenarioSchema as unknown as Walkable),
  );
  const words = found.flatMap(({ shape, def }) =>
    shape ? Object.keys(shape) : (def.values ?? []).map(String),
  );
  return [...new Set(words)];
}

/** Through what only wraps a schema: optional, default, a union of several. */
function open(schema: Walkable): Walkable[] {
  const { type, innerType, options } = schema.def;
  if (innerType) return open(innerType);
  return type === 'union' && options ? options.flatMap(open) : [schema];
}

function into(schema: Walkable, part: PropertyKey): Walkable[] {
  if (typeof part === 'number') return schema.def.element ? open(schema.def.element) : [];
  const inner = schema.shape?.[String(part)];
  return inner ? open(inner) : [];
}
