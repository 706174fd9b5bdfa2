import PQueue from 'p-queue';
import { type Clock, iso } from '../../core/clock.ts';
import { ChaosError, messageOf } from '../../core/errors.ts';
import { findFiles } from '../find.ts';
import type { Grade } from '../grade.ts';
import type { Lang } from '../messages/words.ts';
import type { Rubric } from '../rubric.ts';
import { digestOf } from './digest.ts';
import type { GradeOne } from './grade-one.ts';
import { Hosts, type OpenHost } from './hosts.ts';
import type { Roster, RosterEntry } from './roster.ts';
import type { Store } from './store.ts';

/** What came of one stack of a class. */
export type StackResult = { name: string; host?: string } & Came;

type Came =
  | {
      grade: Grade;
      /** ISO 8601, UTC. */
      gradedAt: string;
      tookMs: number;
      /** Taken from before, as nothing had changed. */
      kept: boolean;
    }
  | {
      /** Why it could not be graded; it is tried again next time. */
      reason: string;
      hint?: string;
    };

/** What happens while a class is graded, for whoever shows it. */
export type ClassEvent =
  | { event: 'begun'; name: string; host?: string }
  | { event: 'said'; name: string; line: string }
  | { event: 'done'; result: StackResult };

export interface ClassRequest {
  roster: Roster;
  rubric: Rubric;
  lang: Lang;
  /** Our own, of the program. */
  version: string;
  /** Where records of incidents go. */
  reports: string;
  store: Store;
  /** Stacks that are graded again even if nothing has changed. */
  again: ReadonlySet<string>;
  signal: AbortSignal;
  clock: Clock;
  gradeOne: GradeOne;
  openHost: OpenHost;
  on(event: ClassEvent): void;
}

/** Stacks of which files alone are looked at keep a processor busy, and nothing else. */
const FILES_AT_ONCE = 1;

/**
 * Grades a class: as many stacks of an engine at once as its limit says, the engines beside each other. What was graded
 * before and has not changed is taken from the store, and each grade is in it before the next stack of its engine begins. A
 * stack that cannot be graded costs the others nothing. Where the signal is aborted, what is under way is ended, and
 * nothing else begins.
 * @returns a result for each stack, in the roster's order
 * @throws ChaosError `not-ready` where a grade cannot be kept
 */
export async function gradeClass(request: ClassRequest): Promise<StackResult[]> {
  const { roster, signal, on } = request;
  const hosts = new Hosts((at) => request.openHost(at, signal));
  const results = new Map<string, StackResult>();
  const queues = new Map<string | undefined, PQueue>();
  const done = (entry: RosterEntry, came: Came) => {
    const result = { ...named(entry), ...came };
    results.set(entry.name, result);
    on({ event: 'done', result });
  };
  const rest: RosterEntry[] = [];
  // Nothing is begun any more whose grade would be lost.
  let unkept = false;
  for (const entry of roster.stacks) {
    const kept = await keptOf(entry, request);
    if (kept) done(entry, kept);
    else rest.push(entry);
  }
  try {
    const added = rest.map((entry) => {
      const { host } = entry;
      const queue = queues.get(host?.at) ?? new PQueue({ concurrency: host?.limit ?? FILES_AT_ONCE });
      queues.set(host?.at, queue);
      return queue.add(async () => {
        if (signal.aborted || unkept) return;
        const came = await gradeNow(entry, request, hosts).catch((error) => {
          unkept = true;
          throw error;
        });
        done(entry, came);
      });
    });
    await Promise.all(added);
  } finally {
    // Where keeping one has failed, the others are not left behind.
    await Promise.all([...queues.values()].map((queue) => queue.onIdle()));
    await hosts.close();
  }
  return roster.stacks.map(
    (entry) => results.get(entry.name) ?? { ...named(entry), reason: 'interrupted before its turn' },
  );
}

const named = ({ name, host }: RosterEntry) => ({ name, ...(host ? { host: host.name } : {}) });

/** The grade of before, if what was graded is the same still. */
async function keptOf(entry: RosterEntry, request: ClassRequest): Promise<Came | undefined> {
  if (request.again.has(entry.name)) return undefined;
  const kept = await request.store.read(entry.name);
  if (!kept) return undefined;
  try {
    if (kept.digest !== digestNow(entry, request)) return undefined;
    // Not everything could be told: it is for this that it is graded again.
    if (kept.grade.live?.undecided) return undefined;
    return { grade: kept.grade, gradedAt: kept.gradedAt, tookMs: kept.tookMs, kept: true };
  } catch (error) {
    // What was handed in is gone; why is told when its turn comes.
    if (error instanceof ChaosError) return undefined;
    throw error;
  }
}

function digestNow(entry: RosterEntry, { rubric, lang, version }: ClassRequest): string {
  const folder = entry.dir === undefined ? {} : { folder: findFiles(entry.dir) };
  return digestOf({ entry, rubric, lang, version, ...folder });
}

async function gradeNow(entry: RosterEntry, request: ClassRequest, hosts: Hosts): Promise<Came> {
  const { rubric, lang, store, signal, clock, gradeOne, on, reports, version } = request;
  const { name } = entry;
  try {
    // Before it is graded: where it changes meanwhile, it is graded again next time.
    const digest = digestNow(entry, request);
    const began = clock.now();
    on({ event: 'begun', ...named(entry) });
    const say = (line: string) => on({ event: 'said', name, line });
    const context = { signal, rubric, lang, clock, reports, version, say };
    const grade = await gradeOne(
      entry,
      entry.host ? { ...context, host: await hosts.get(entry.host) } : context,
    );
    const graded = { gradedAt: iso(clock.now()), tookMs: clock.now() - began, grade };
    await store.write({ schemaVersion: 1, name, digest, ...graded }).catch((error) => {
      throw new Unkept(error);
    });
    return { ...graded, kept: false };
  } catch (error) {
    if (error instanceof Unkept) throw error.cause;
    if (signal.aborted) return { reason: 'interrupted while it was graded' };
    if (!(error instanceof ChaosError))
      return { reason: `something in chaos itself went wrong: ${messageOf(error)}` };
    return { reason: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) };
  }
}

/** A grade that cannot be kept would be lost, and so would all that follow. */
class Unkept extends Error {
  constructor(cause: unknown) {
    super('not kept', { cause });
  }
}
