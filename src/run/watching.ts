import type { Clock } from '../core/clock.ts';
import { ChaosError } from '../core/errors.ts';
import type { Listener } from '../core/events.ts';
import { isAmong } from '../core/labels.ts';
import type { RunningLoad } from '../load/load.ts';
import { type Glance, type Observations, observe, type Witnesses } from '../observe/observer.ts';
import type { Scenario, Toleration } from '../scenario/scenario.ts';
import type { Ready } from './preflight.ts';
import { dues, type Prospect } from './watch.ts';

/** Starts the polls, which go on beside the run, tell what they see, and watch `stop_when`. */
export function startWatching(
  witnesses: Witnesses,
  { stopWhen }: Pick<Scenario, 'stopWhen'>,
  tolerate: readonly Toleration[],
  ready: Ready,
  clock: Clock,
  on: Listener,
  loads: () => readonly RunningLoad[],
) {
  // Four polls an evaluation, but no more than five a second, and so often that an alert is seen within 400 ms.
  const everyMs = Math.min(400, Math.max(200, ready.settings.evaluationMs / 4));
  const observations: Observations = { transitions: [], notifications: [], gaps: [] };
  const stopping = new AbortController();
  const halting = new AbortController();
  let newest: Glance | undefined;
  let prospect: Prospect | undefined;
  const told = new Set<number>();

  const onPoll = (glance: Glance) => {
    newest = glance;
    const alerts = glance.alerts.map((alert) => ({
      ...alert,
      tolerated: isAmong(tolerate, alert.labels.alertname, alert.labels),
    }));
    on({ type: 'alerts', at: glance.at, alerts });
    for (const load of loads()) on({ type: 'load', at: glance.at, name: load.name, ...load.snapshot() });
    for (const due of prospect ? dues(prospect) : []) {
      if (!told.has(due.index)) on({ type: 'due', at: glance.at, due });
      told.add(due.index);
    }
  };
  const observing = observe(
    witnesses,
    { everyMs, clock, signal: stopping.signal },
    observations,
    onPoll,
  ).catch((error) => halting.abort(error));
  const guarding = guard(
    witnesses,
    stopWhen,
    { clock, everyMs: 4 * everyMs, signal: stopping.signal },
    (reason) => halting.abort(reason),
  ).catch((error) => halting.abort(error));

  return {
    everyMs,
    observations,
    halted: halting.signal,
    glance: () => newest,
    follow(next: Prospect) {
      prospect = next;
    },
    async end() {
      stopping.abort();
      await Promise.all([observing, guarding]);
    },
  };
}

/** Asks each `stop_when` expression again and again; an answer with a value other than 0 is true. */
async function guard(
  { prometheus }: Witnesses,
  expressions: readonly string[],
  { clock, everyMs, signal }: { clock: Clock; everyMs: number; signal: AbortSignal },
  stop: (reason: ChaosError) => void,
): Promise<void> {
  while (expressions.length > 0 && !signal.aborted) {
    for (const expression of expressions) {
      const answer = await prometheus.instant(expression).catch(() => []);
      if (answer.some(({ value: [, value] }) => Number(value) !== 0)) {
        return stop(new ChaosError('stopped', `stop_when came true: ${expression}`));
      }
    }
    await clock.sleep(everyMs, signal).catch(() => {});
  }
}
