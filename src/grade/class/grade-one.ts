import type { Clock } from '../../core/clock.ts';
import type { DockerHost } from '../../docker/host.ts';
import { findFiles } from '../find.ts';
import { type Grade, grade } from '../grade.ts';
import type { Lang } from '../messages/words.ts';
import { withPromtool } from '../promtool.ts';
import type { Rubric } from '../rubric.ts';
import { submissionOf } from '../submission.ts';
import type { RosterEntry } from './roster.ts';

/** What grading one stack of a class is handed. */
export interface GradeContext {
  /** Aborted where it is to end: it takes back what it did, and throws the signal's reason. */
  signal: AbortSignal;
  /** The engine on which the stack runs, where the roster names one. It is shared, and closed by whoever opened it. */
  host?: DockerHost;
  rubric: Rubric;
  lang: Lang;
  clock: Clock;
  /** Where records of its incidents go. */
  reports: string;
  /** Our own, of the program. */
  version: string;
  /** Tells the user what it is at. */
  say(line: string): void;
}

/** Grades one stack. @throws ChaosError where it cannot be graded; that costs the others nothing */
export type GradeOne = (entry: RosterEntry, context: GradeContext) => Promise<Grade>;

/** Whether more is looked at than files. */
export const isLive = ({ host, prometheus }: RosterEntry) => host !== undefined || prometheus !== undefined;

/** A stack that runs is graded as it runs, any other from its files. */
export const gradeEntry: GradeOne = (entry, context) =>
  isLive(entry) ? gradeLive(entry, context) : gradeFiles(entry, context);

const gradeFiles: GradeOne = async ({ dir }, { rubric, lang }) =>
  grade(withPromtool(submissionOf(dir!, findFiles(dir!))), rubric, lang);

const gradeLive: GradeOne = async (entry, context) => {
  const { dir, host: at, project, prometheus, alertmanager } = entry;
  const [{ gradeStack }, { openHost }] = await Promise.all([
    import('../live/grade-stack.ts'),
    import('../../docker/host.ts'),
  ]);
  // One that is named by URLs alone has no containers of which anybody knows where they run.
  const host = context.host ?? (await openHost(undefined, { signal: context.signal }));
  const names = { dir, host: at?.at, project, prometheus, alertmanager, listed: true };
  return gradeStack(names, { ...context, host });
};
