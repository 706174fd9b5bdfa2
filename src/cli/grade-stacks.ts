import { systemClock } from '../core/clock.ts';
import { type Grade, grade } from '../grade/grade.ts';
import type { StackNames } from '../grade/live/find-stack.ts';
import type { Grading } from '../grade/live/grade-stack.ts';
import type { Lang } from '../grade/messages/words.ts';
import { withPromtool } from '../grade/promtool.ts';
import type { Rubric } from '../grade/rubric.ts';
import { readSubmission } from '../grade/submission.ts';
import { listenForInterruptOfClass } from './interrupt.ts';
import { tell } from './terminal.ts';
import { version } from './version.ts';

/** What a grade comes to. */
export function outcomeOf({ live, passed }: Grade): 'pass' | 'fail' | 'inconclusive' {
  if (live?.undecided) return 'inconclusive';
  return passed ? 'pass' : 'fail';
}

export async function gradeFiles(dirs: readonly string[], rubric: Rubric, lang: Lang): Promise<Grade[]> {
  return dirs.map((dir) => grade(withPromtool(readSubmission(dir)), rubric, lang));
}

/**
 * Grades stacks that run: those that were started from folders, or the one that is named. One after the other, as each has
 * the machine to itself while something is broken in it.
 */
export async function gradeRunning(
  dirs: readonly string[],
  named: StackNames,
  by: Pick<Grading, 'rubric' | 'lang' | 'reports'>,
): Promise<Grade[]> {
  const [{ gradeStack }, { openHost }] = await Promise.all([
    import('../grade/live/grade-stack.ts'),
    import('../docker/host.ts'),
  ]);
  const interrupt = listenForInterruptOfClass();
  const { signal } = interrupt;
  const host = await openHost(named.host, { signal });
  const grades: Grade[] = [];
  try {
    for (const names of dirs.length > 0 ? dirs.map((dir) => ({ ...named, dir })) : [named])
      grades.push(
        await gradeStack(names, { ...by, host, clock: systemClock, signal, version: version(), say: tell }),
      );
  } finally {
    await host.close();
    interrupt.end();
  }
  return grades;
}
