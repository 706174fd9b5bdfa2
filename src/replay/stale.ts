import type { Series } from '../observe/prometheus.ts';
import type { Point, Points } from './remote-write.ts';

/**
 * Recorded series with their ends marked. Prometheus marks a series as ended at the first scrape without it, and
 * its API leaves the marks out; without them, an expression would see the last value for five minutes more. A
 * scrape leaves its timestamp in its target's `up`, whatever it found, so the marks are where they were.
 * @param evaluationMs how often rules write, for ALERTS
 */
export function withEnds(recorded: readonly Series[], evaluationMs: number): Points[] {
  const scrapes = new Map(
    recorded
      .filter(({ metric }) => metric.__name__ === 'up')
      .map(({ metric, values }) => [targetOf(metric), values.map(([seconds]) => toMs(seconds))]),
  );
  return recorded.map(({ metric, values }) => {
    const points = values.map(([seconds, value]): Point => [toMs(seconds), value]);
    if (metric.__name__ === 'up') return { metric, points };
    if (metric.__name__ === 'ALERTS') return { metric, points: marked(points, (at) => at + evaluationMs) };
    return { metric, points: marked(points, nextIn(scrapes.get(targetOf(metric)) ?? [])) };
  });
}

/**
 * Adds a mark wherever the time at which the next point was due has none.
 * @param due undefined where a series follows no beat, or the beat has ended
 */
export function marked(points: readonly Point[], due: (atMs: number) => number | undefined): Point[] {
  return points.flatMap((point, i): Point[] => {
    const next = due(point[0]);
    const follows = points[i + 1]?.[0] ?? Number.POSITIVE_INFINITY;
    // Half a beat: a sample that is due is never later than that.
    const late = next !== undefined && follows - next > (next - point[0]) / 2;
    return late ? [point, [next, undefined]] : [point];
  });
}

/** The beat of a list of times; of a time that is not in it, such as one that an exporter set, nothing is known. */
function nextIn(times: readonly number[]): (atMs: number) => number | undefined {
  const next = new Map(times.map((time, i) => [time, times[i + 1]]));
  return (atMs) => next.get(atMs);
}

function targetOf({ job, instance }: Record<string, string>): string {
  return JSON.stringify([job, instance]);
}

function toMs(seconds: number): number {
  return Math.round(seconds * 1000);
}
