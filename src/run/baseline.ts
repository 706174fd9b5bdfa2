import type { Clock } from '../core/clock.ts';
import { formatDuration } from '../core/duration.ts';
import { ChaosError } from '../core/errors.ts';
import { isAmong } from '../core/labels.ts';
import type { Glance } from '../observe/observer.ts';
import type { LiveAlert } from '../observe/prometheus.ts';
import { SETTLE_LAB_MS } from '../plan/remembered.ts';
import type { Toleration } from '../scenario/scenario.ts';

/** Alerts that stand in the way of a baseline: pending or firing, and not tolerated. */
export function unclean(alerts: readonly LiveAlert[], tolerate: readonly Toleration[]): string[] {
  return alerts
    .filter(({ labels }) => !isAmong(tolerate, labels.alertname, labels))
    .map(
      ({ labels, state }) =>
        `${labels.alertname} is ${state}${labels.instance ? ` on ${labels.instance}` : ''}`,
    )
    .sort();
}

const NO_BASELINE = 'No quiet baseline';

/** Whether a run could not begin as its stack did not come to rest. */
export function isUnquiet({ message }: ChaosError): boolean {
  return message.startsWith(NO_BASELINE);
}

/**
 * Returns once nothing has been pending or firing for the whole baseline without a break.
 * @param glance the newest poll; undefined before the first
 * @throws ChaosError `not-ready` where that does not come about in time
 */
export async function awaitBaseline(
  { baselineMs, tolerate, speed }: { baselineMs: number; tolerate: readonly Toleration[]; speed: number },
  { clock, signal, pollMs }: { clock: Clock; signal: AbortSignal; pollMs: number },
  glance: () => Glance | undefined,
  onBroken: (reasons: string[]) => void,
): Promise<void> {
  const giveUpAt = clock.now() + (baselineMs + SETTLE_LAB_MS) / speed;
  let cleanSince: number | undefined;
  let told = '';
  for (;;) {
    const seen = glance();
    const reasons = seen ? unclean(seen.alerts, tolerate) : ['Prometheus has not answered yet'];
    if (reasons.length > 0) {
      cleanSince = undefined;
      if (seen && told !== reasons.join()) onBroken(reasons);
      told = reasons.join();
    } else {
      cleanSince ??= clock.now();
      if (clock.now() - cleanSince >= baselineMs / speed) return;
    }
    if (clock.now() >= giveUpAt) {
      throw new ChaosError(
        'not-ready',
        `${NO_BASELINE} of ${formatDuration(baselineMs)}: ${reasons.join('; ')}.`,
        {
          hint: 'mend what fires, or name it under tolerate: with the reason',
        },
      );
    }
    await clock.sleep(pollMs, signal);
  }
}
