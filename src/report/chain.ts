import { createHash } from 'node:crypto';

/** One link of a record's hash chain. */
export interface Link {
  part: Part;
  /** Hexadecimal. */
  sha256: string;
}

/**
 * The parts of a record in the order of the chain, with the keys that belong to each. Whatever is named nowhere,
 * such as a key of a later version, belongs to `run`, so that nothing in a record is outside the chain.
 */
export const PARTS = {
  run: [],
  inputs: ['scenario', 'title', 'speed', 'control', 'pass', 'expect', 'tolerate', 'cadence', 'rules'],
  effects: ['steps', 'faults'],
  load: ['load'],
  observations: ['observations', 'restarted', 'surroundings', 'inbox'],
  history: ['history', 'held', 'absent'],
  samples: ['samples'],
  verdict: [
    'verdict',
    'because',
    'score',
    'scoreParts',
    'expectations',
    'unexpected',
    'forged',
    'newSilences',
  ],
} as const satisfies Record<string, readonly string[]>;

export type Part = keyof typeof PARTS;

const ORDER = Object.keys(PARTS) as Part[];

/**
 * The chain of a record: each hash is the SHA-256 of the hash before it, the part's name and the part as canonical
 * JSON, a line each. It shows that a record was changed, and where; it does not show by whom it was written.
 */
export function chainOf(record: object): Link[] {
  let before = '';
  return ORDER.map((part) => {
    before = hash(before, part, record);
    return { part, sha256: before };
  });
}

/**
 * Which parts are not as they were when the record was written, each judged by the recorded hash before it, so that
 * one change is one part. `chain` where the links themselves are not all there, in their order.
 */
export function changedParts(record: object, chain: readonly Link[]): (Part | 'chain')[] {
  if (chain.length !== ORDER.length || chain.some(({ part }, i) => part !== ORDER[i])) return ['chain'];
  return ORDER.filter((part, i) => hash(chain[i - 1]?.sha256 ?? '', part, record) !== chain[i]!.sha256);
}

function hash(before: string, part: Part, record: object): string {
  return createHash('sha256')
    .update(`${before}\n${part}\n${canonical(partOf(record, part))}`)
    .digest('hex');
}

function partOf(record: object, part: Part): object {
  const named: readonly string[] = part === 'run' ? Object.values(PARTS).flat() : PARTS[part];
  const belongs = (key: string) => key !== 'chain' && named.includes(key) === (part !== 'run');
  return Object.fromEntries(Object.entries(record).filter(([key]) => belongs(key)));
}

/** JSON without blanks and with sorted keys, as RFC 8785 has it: the same text for the same value. */
export function canonical(value: unknown): string {
  // A list of keys also says their order, and costs a third of taking every object apart here.
  return JSON.stringify(value, [...keysOf(value)].sort());
}

function keysOf(value: unknown, into = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) return into;
  if (!Array.isArray(value)) for (const key of Object.keys(value)) into.add(key);
  for (const inner of Object.values(value)) keysOf(inner, into);
  return into;
}
