import type { z } from 'zod';
import type { Problem } from '../core/errors.ts';
import { type Path, problemAtKey, problemIn, type Source } from '../core/positions.ts';
import { MOST_PROBLEMS } from '../core/problems.ts';
import { didYouMean, isMisspelt, meant } from '../core/suggest.ts';
import { asText, shortened } from '../core/visible.ts';
import { keysAt, valueAt } from './keys.ts';
import { scenarioSchema } from './schema.ts';
import { wording } from './wording.ts';

type Issue = z.core.$ZodIssue;

/**
 * What zod found, each with its place: an unknown key at the key, a missing one at the key of what should hold it,
 * a bad value at the value.
 * @param plain the value that was checked
 */
export function problemsOf(
  source: Source,
  plain: unknown,
  issues: readonly Issue[],
  schema: z.ZodType = scenarioSchema,
): Problem[] {
  return issues.flatMap((issue) => problemsOfOne(source, plain, issue, schema));
}

function problemsOfOne(source: Source, plain: unknown, issue: Issue, schema: z.ZodType): Problem[] {
  const path: Path = issue.path;
  const value = valueAt(plain, path);
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(path, plain, schema);
    return issue.keys
      .slice(0, MOST_PROBLEMS + 1)
      .map((key) => problemAtKey(source, path, key, `unknown key ${key}`, didYouMean(key, known)));
  }
  if (issue.code === 'invalid_union' && 'discriminator' in issue && issue.discriminator) {
    return [faultProblem(source, plain, path)];
  }
  if (issue.code === 'invalid_union') {
    const nearest = nearestBranch(issue.errors, keysAt(path, plain, schema));
    if (nearest) {
      const inner = nearest.map((one) => ({ ...one, path: [...issue.path, ...one.path] }));
      return problemsOf(source, plain, inner, schema);
    }
  }
  if (value === undefined && path.length > 0) {
    const key = String(path.at(-1));
    const holder = path.slice(0, -1);
    const given = valueAt(plain, holder);
    if (isMisspelt(key, given ?? {}, keysAt(holder, plain, schema))) return [];
    return [problemIn(source, path, `${key} is missing`)];
  }
  const name = path.length > 0 ? `${where(path)} ` : '';
  const text = typeof value === 'string' ? JSON.stringify(shortened(value, 60)) : asText(value);
  const shown = value === undefined || value instanceof Object ? '' : ` (it is ${text})`;
  const hint =
    issue.code === 'invalid_value' && typeof value === 'string' && issue.values.length > 1
      ? didYouMean(value, issue.values.map(String))
      : undefined;
  return [problemIn(source, path, `${name}${wording(issue)}${shown}`, hint)];
}

/** A fault without a type that is known. zod then says nothing of the keys beside it, so a misspelt one is found here. */
function faultProblem(source: Source, plain: unknown, path: Path): Problem {
  const types = keysAt(path, plain);
  const value = valueAt(plain, path);
  const holder = path.slice(0, -1);
  const key = Object.keys(valueAt(plain, holder) ?? {}).find((one) => meant(one, ['type', 'for']) === 'type');
  if (value === undefined && key !== undefined)
    return problemAtKey(source, holder, key, `unknown key ${key}`, 'did you mean type?');
  return typeof value === 'string'
    ? problemIn(source, path, `unknown fault ${value}`, didYouMean(value, types))
    : problemIn(source, path, `needs a type: one of ${types.join(', ')}`);
}

/**
 * The issues of the shape that was probably meant: the one with the fewest. None where the value has no such
 * kind at all, or mixes the keys of several shapes: then the sentence of the union says it better.
 */
function nearestBranch(branches: readonly (readonly Issue[])[], known: readonly string[]) {
  const [nearest] = branches
    .filter((issues) => issues.every(({ code, path }) => path.length > 0 || code !== 'invalid_type'))
    .sort((a, b) => a.length - b.length);
  const mixed = nearest?.some(
    (issue) => issue.code === 'unrecognized_keys' && issue.keys.some((key) => known.includes(key)),
  );
  return mixed ? undefined : nearest;
}

/** `timeline[0].load.stages[1]` */
function where(path: Path): string {
  return path
    .map((part, i) => (typeof part === 'number' ? `[${part}]` : `${i > 0 ? '.' : ''}${String(part)}`))
    .join('');
}
