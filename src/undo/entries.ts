import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import type { ProcessIdentity } from '../core/process-identity.ts';

const header = z.object({
  entry: z.literal('begin'),
  owner: z.string(),
  scenario: z.string(),
  at: z.iso.datetime(),
});
const act = z.int().min(1);
const entry = z.discriminatedUnion('entry', [
  header,
  z.object({
    entry: z.literal('intent'),
    act,
    id: z.string(),
    type: z.string(),
    note: z.record(z.string(), z.unknown()),
    deadline: z.iso.datetime(),
  }),
  z.object({ entry: z.literal('effective'), act }),
  z.object({ entry: z.literal('undone'), act }),
]);

/** A line of a journal. */
export type Entry = z.infer<typeof entry>;
export type Header = z.infer<typeof header>;

/** An act that has not been taken back. */
export interface OpenAct extends Extract<Entry, { entry: 'intent' }> {
  /** Whether it may still be on its way: nobody has seen its effect. */
  inFlight: boolean;
}

/** A journal as it lies in a lab's folder. */
export interface Found {
  file: string;
  /** Who answers for it: its run, or whoever has taken it over. */
  keeper: ProcessIdentity;
  header: Header;
  /** Newest first, the order in which they are taken back. */
  open: OpenAct[];
}

export function entryLine(one: Entry): string {
  return `${JSON.stringify(one)}\n`;
}

/**
 * The header of a journal and what is open in it. A last line that is not whole was never followed by an act.
 * @returns undefined for what is no journal
 */
export function parseJournal(text: string): Pick<Found, 'header' | 'open'> | undefined {
  const entries = text.split('\n').flatMap((line) => readEntry(line) ?? []);
  const [first] = entries;
  if (first?.entry !== 'begin') return undefined;
  const open = new Map<number, OpenAct>();
  for (const one of entries) {
    if (one.entry === 'intent') open.set(one.act, { ...one, inFlight: true });
    if (one.entry === 'undone') open.delete(one.act);
    const known = one.entry === 'effective' ? open.get(one.act) : undefined;
    if (known) known.inFlight = false;
  }
  return { header: first, open: [...open.values()].sort((a, b) => b.act - a.act) };
}

function readEntry(line: string): Entry | undefined {
  try {
    return entry.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}

const NAME = /^acts(?:\.([0-9a-f-]+))?\.jsonl$/;

/** Every journal in a lab's folder. */
export async function findJournals(dir: string): Promise<Found[]> {
  const names = await readdir(dir).catch(() => []);
  const found = await Promise.all(
    names.map(async (name) => {
      const match = NAME.exec(name);
      const file = join(dir, name);
      const text = match && (await readFile(file, 'utf8').catch(() => undefined));
      const journal = text ? parseJournal(text) : undefined;
      return journal ? [{ file, keeper: match?.[1] ?? journal.header.owner, ...journal }] : [];
    }),
  );
  return found.flat();
}
