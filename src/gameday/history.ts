import { type Labels, matches } from '../core/labels.ts';
import type { GameEvent } from './events.ts';
import type { Incident } from './schedule.ts';
import type { Played } from './state.ts';

/** Whether an incident would raise that alert. */
export function isExpected({ scenario }: Incident, seen: { alert: string; labels: Labels }): boolean {
  return scenario.expect.some(({ alert, labels }) => alert === seen.alert && matches(seen.labels, labels));
}

/** History has the evaluation's own times, and what fired while nobody looked. */
export function followHistory(
  played: Played,
  incident: Incident,
  { episodes, dues }: Extract<GameEvent, { event: 'history' }>,
): void {
  played.history = episodes;
  played.deadlines = new Map(dues.map(({ index, deadline }) => [index, deadline]));
  const fired = episodes
    .filter((one) => isExpected(incident, one))
    .flatMap(({ firedAt }) => (firedAt !== null && firedAt >= (played.actedAt ?? 0) ? [firedAt] : []));
  if (fired.length > 0) played.detectedAt = Math.min(...fired);
}
