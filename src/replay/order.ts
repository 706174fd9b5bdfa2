import { ChaosError } from '../core/errors.ts';
import type { RecordingRule } from '../rules/rule.ts';
import { metricNames } from '../rules/selectors.ts';

/**
 * Recording rules so that each stands behind those it reads.
 * @throws ChaosError `bad-file` where one reads, in the end, itself: its first value is not in any record
 */
export function inOrder(recordings: readonly RecordingRule[]): RecordingRule[] {
  const ordered: RecordingRule[] = [];
  const visit = (rule: RecordingRule, above: readonly RecordingRule[]) => {
    if (ordered.includes(rule)) return;
    if (above.includes(rule))
      throw new ChaosError(
        'bad-file',
        `The recording rule ${rule.record} reads itself, so it cannot be evaluated again.`,
      );
    for (const metric of metricNames(rule.expr))
      for (const one of recordings) if (one.record === metric) visit(one, [...above, rule]);
    ordered.push(rule);
  };
  for (const rule of recordings) visit(rule, []);
  return ordered;
}

/** The metrics whose values change with one of them: it, and every recorded one that reads it. */
export function readersOf(metric: string, recordings: readonly RecordingRule[]): Set<string> {
  const changed = new Set([metric]);
  for (const { record, expr } of inOrder(recordings))
    if (metricNames(expr).some((name) => changed.has(name))) changed.add(record);
  return changed;
}
