import { iso } from '../core/clock.ts';
import type { Evidence } from '../run/record.ts';
import type { Verdict } from '../verdict/verdict.ts';
import type { Link } from './chain.ts';
import type { SamplesNote } from './samples.ts';

/** The parts of the evidence that count time in milliseconds, and are written with ISO 8601 times. */
const TIMED = ['steps', 'load', 'history', 'held', 'observations'] as const;
type Timed = (typeof TIMED)[number];

/** The keys in those parts whose value is a time. */
const TIMES = new Set([
  'requestedAt',
  'startedAt',
  'fullAt',
  'goneAt',
  'endedAt',
  'activeAt',
  'firedAt',
  'resolvedAt',
  'at',
  'from',
  'to',
]);

/** A type with every number that is a time written as a text. */
type Written<T> = T extends (infer Item)[]
  ? Written<Item>[]
  : T extends object
    ? {
        [Key in keyof T]: Key extends
          | 'requestedAt'
          | 'startedAt'
          | 'fullAt'
          | 'goneAt'
          | 'endedAt'
          | 'activeAt'
          | 'firedAt'
          | 'resolvedAt'
          | 'at'
          | 'from'
          | 'to'
          ? Exclude<T[Key], number> | string
          : Written<T[Key]>;
      }
    : T;

/** A run as it is kept: everything that was seen, and what was concluded from it. Times are ISO 8601, UTC, with ms. */
export type RunRecord = Omit<Evidence, Timed> & { [Part in Timed]: Written<Evidence[Part]> } & Verdict & Kept;

/** What a record has beside evidence and verdict; older records have neither. */
interface Kept {
  /** The raw samples in the file beside it; null where they could not be read. */
  samples?: SamplesNote | null;
  /** See chain.ts. */
  chain?: Link[];
}

/** The folder of a run among the reports. No colons: they are not allowed in file names everywhere. */
export function folderOf({ startedAt, scenario }: Pick<RunRecord, 'startedAt' | 'scenario'>): string {
  return `${startedAt.replace(/[:.]/g, '-')}-${scenario}`;
}

/** Evidence and verdict as they are written. */
export function toRecord(evidence: Evidence, verdict: Verdict): RunRecord {
  return {
    ...mapTimes(evidence, (value) => (typeof value === 'number' ? iso(value) : value)),
    ...verdict,
  } as unknown as RunRecord;
}

/** The evidence of a record, as the verdict is made from it. */
export function evidenceOf(record: RunRecord): Evidence {
  return mapTimes(record, (value) =>
    typeof value === 'string' ? Date.parse(value) : value,
  ) as unknown as Evidence;
}

function mapTimes(whole: object, change: (value: unknown) => unknown): object {
  const walk = (value: unknown, key: string): unknown => {
    // A label may be called anything; the seconds of a load are many, and count from its start.
    if (key === 'labels' || key === 'seconds') return value;
    if (Array.isArray(value)) return value.map((item) => walk(item, key));
    if (value !== null && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, walk(inner, name)]));
    }
    return TIMES.has(key) ? change(value) : value;
  };
  return Object.fromEntries(
    Object.entries(whole).map(([key, value]) => [
      key,
      (TIMED as readonly string[]).includes(key) ? walk(value, key) : value,
    ]),
  );
}
