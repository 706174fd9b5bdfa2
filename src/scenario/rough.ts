import type { Path } from '../core/positions.ts';
import { MOST_ENTRIES } from './schema.ts';

/** A mapping of which nothing is known yet: the schema may have refused it. */
export type Rough = Record<string, unknown>;

/** Takes down a problem at a path of the file. */
export type Complain = (path: Path, message: string, hint?: string) => void;

/** The words a stack knows; undefined where they are not known, and so not checked. */
export interface Known {
  alerts?: string[] | undefined;
  services?: string[] | undefined;
  /** Origins beside the lab and this machine that load may go to. */
  allowed?: readonly string[] | undefined;
}

/** A list as far as the schema allows one, anything else as an empty one. */
export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value.slice(0, MOST_ENTRIES) : [];
}

/** A mapping as it is, anything else as an empty one. */
export function rough(value: unknown): Rough {
  return value !== null && typeof value === 'object' ? (value as Rough) : {};
}
