import { visible } from '../core/visible.ts';
import type { Annotation } from '../observe/grafana.ts';
import { folderOf, type RunRecord } from './record.ts';

/** The tag that all annotations of one run have, and no others. */
export function runTag(record: RunRecord): string {
  return `chaos-run:${folderOf(record)}`;
}

/**
 * What Grafana should mark of a run: the whole of it, and each fault and load from the first moment it could be felt
 * until it was taken back. A step whose effect was never seen is left out: nothing was there to be marked.
 */
export function annotationsOf(record: RunRecord): Annotation[] {
  const { scenario, title, verdict, score, startedAt, endedAt, steps, faults } = record;
  const tags = ['chaos', runTag(record), `scenario:${scenario}`];
  const points = score === null ? verdict : `${verdict}, score ${score}`;
  return [
    {
      time: Date.parse(startedAt),
      timeEnd: Date.parse(endedAt),
      tags: [...tags, 'run', verdict],
      text: visible(`${scenario}: ${title} (${points})`),
    },
    ...steps.flatMap(({ id, kind, startedAt: from, goneAt }) => {
      if (from === null) return [];
      const fault = faults.find((one) => one.id === id);
      const what = fault ? `${fault.type} ${fault.target}` : kind;
      const [time, timeEnd] = [Date.parse(from), Date.parse(goneAt ?? endedAt)];
      return [{ time, timeEnd, tags: [...tags, kind], text: visible(`${scenario}, ${id}: ${what}`) }];
    }),
  ];
}
