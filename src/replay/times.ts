import type { AlertRule, RecordingRule } from '../rules/rule.ts';
import type { RawSamples } from '../run/samples.ts';

/** Evaluations at a steady beat, the first and the last included. Milliseconds since the Unix epoch. */
export interface Beat {
  startMs: number;
  endMs: number;
  stepMs: number;
}

/** What is known of when rules were evaluated. */
export interface Known {
  samples: Pick<RawSamples, 'groups' | 'series'>;
  /** The rules that ran. */
  alerts: readonly Pick<AlertRule, 'name' | 'group' | 'file'>[];
  /** The interval of groups that have none of their own. */
  evaluationMs: number;
}

type Placed = Pick<RecordingRule, 'group' | 'file' | 'intervalMs'>;

/**
 * When a rule's group was evaluated between two times. The samples of ALERTS carry the very times; where no alert of
 * the group was ever pending, the group's last evaluation tells them to within milliseconds. A group that did not
 * run is evaluated at whole intervals since the epoch.
 */
export function beatOf(rule: Placed, known: Known, fromMs: number, toMs: number): Beat {
  const stepMs = rule.intervalMs || known.evaluationMs;
  const phase = phaseOf(rule, known) ?? 0;
  const startMs = phase + Math.ceil((fromMs - phase) / stepMs) * stepMs;
  return { startMs, endMs: startMs + Math.floor((toMs - startMs) / stepMs) * stepMs, stepMs };
}

export function timesOf({ startMs, endMs, stepMs }: Beat): number[] {
  const count = Math.max(0, Math.floor((endMs - startMs) / stepMs) + 1);
  return Array.from({ length: count }, (_, i) => startMs + i * stepMs);
}

function phaseOf(rule: Placed, { samples, alerts }: Known): number | undefined {
  const group = samples.groups.find((one) => isSame(rule, { group: one.name, file: one.file }));
  if (!group) return undefined;
  const names = alerts
    .filter((one) => isSame({ group: group.name, file: group.file }, one))
    .map(({ name }) => name);
  const written = samples.series.find(
    ({ metric, values }) =>
      metric.__name__ === 'ALERTS' && names.includes(metric.alertname ?? '') && values.length > 0,
  );
  return written ? Math.round(written.values.at(-1)![0] * 1000) : group.evaluatedAt;
}

/** The same group, whatever folder its file lies in: the lab's own is mounted elsewhere than where it is written. */
function isSame(a: { group: string; file?: string }, b: { group: string; file?: string }): boolean {
  return a.group === b.group && baseName(a.file) === baseName(b.file);
}

function baseName(file: string | undefined): string | undefined {
  return file?.split('/').at(-1);
}
