import { placeOfRule } from '../../alerts.ts';
import { type Judged, lost, won } from '../../check.ts';
import { watchOf } from '../../criteria/slo.ts';
import type { Submission } from '../../submission.ts';
import { type LiveCheck, liveCheck, withPrometheus } from '../check.ts';
import type { SeenPrometheus } from '../sighting.ts';
import { raised } from './raised.ts';

/** Are the SLIs measured, and are their objectives watched while they are broken? */
export const sloLive: readonly LiveCheck[] = [
  liveCheck('slo.values', withPrometheus(values)),
  liveCheck(
    'slo.raised',
    withPrometheus((_, running, sighting) => raised(['availability', 'latency'], running, sighting)),
  ),
];

function values({ answers }: SeenPrometheus, running: Submission): Judged[] {
  return (['availability', 'latency'] as const).map((objective) => {
    const { sli, recording } = watchOf(objective, running);
    if (!recording)
      return lost(
        'no-sli',
        { ...sli, expr: sli.expr.replace(/ .*/, '') },
        { file: 'prometheus/rules/slo.yml', line: 1 },
      );
    const answer = answers.get(recording.record);
    const value = answer && 'values' in answer ? answer.values.find((one) => !Number.isNaN(one)) : undefined;
    return value === undefined
      ? lost('empty-sli', { sli: recording.record }, placeOfRule(recording))
      : won(`${recording.record}: ${Number(value.toFixed(4))}`, placeOfRule(recording));
  });
}
