import type { LoadSpec, Scenario, Toleration } from '../scenario/scenario.ts';

/** One thing that happens on a game day. Every duration is lab time in milliseconds. */
export type Entry = Incident | Decoy | Quiet;

interface EntryBase {
  /** How long nothing may be wrong before it begins. */
  afterMs: number;
}

export interface Incident extends EntryBase {
  kind: 'incident';
  scenario: Scenario;
  limitMs: number;
  /** In words, for the report. */
  cause: string;
  hints: string[];
}

export interface Decoy extends EntryBase {
  kind: 'decoy';
  scenario: Scenario;
}

/** Its whole length is `afterMs`. */
export interface Quiet extends EntryBase {
  kind: 'quiet';
}

/** The file of a game day, read and checked. */
export interface Schedule {
  /** Path of the file as the user named it. */
  file: string;
  name: string;
  title: string;
  about: string;
  traffic?: LoadSpec;
  tolerate: Toleration[];
  draw?: { count?: number | undefined; seed: number };
  entries: Entry[];
}

/** A game day as it will be played. */
export interface Day extends Omit<Schedule, 'draw'> {
  /** By which its order was drawn; null where it is the file's. */
  seed: number | null;
}

/**
 * The day of a schedule: in the order of its file, or, where that says `draw:` or a seed is given, in one that the seed
 * decides.
 */
export function dayOf({ draw, ...schedule }: Schedule, given?: number): Day {
  const seed = given ?? draw?.seed;
  if (seed === undefined) return { ...schedule, seed: null };
  const random = randomOf(seed);
  const mixed = shuffled(schedule.entries, random);
  let left = draw?.count ?? mixed.length;
  const entries = mixed.filter(({ kind }) => kind !== 'incident' || left-- > 0);
  return { ...schedule, entries, seed };
}

/** What a day must have in common with one that is gone on with: everything but where in its files it stands. */
export function essenceOf(day: Day): string {
  return JSON.stringify(day, (key, value) => (key === 'at' || key === 'file' ? undefined : value));
}

function shuffled<T>(all: readonly T[], random: () => number): T[] {
  const mixed = [...all];
  for (let i = mixed.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [mixed[i], mixed[j]] = [mixed[j]!, mixed[i]!];
  }
  return mixed;
}

/** mulberry32: Math.random has no seed. From 0 up to 1. */
function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
