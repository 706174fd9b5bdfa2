import { type Clock, iso } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import { type Labels, matches } from '../core/labels.ts';
import type { World } from '../faults/fault.ts';
import type { Prometheus } from '../observe/prometheus.ts';
import type { StepRecord } from './record.ts';
import { SERVICES } from './services.ts';
import { type DeclaredStep, TARGET } from './step.ts';

/** How long a service may take to be well after a step, in wall milliseconds: a start is as long at every speed. */
const WELL_MS = 30_000;
const POLL_MS = 100;

/**
 * The steps with the service that TARGET stands for, which is the one that Prometheus scrapes for the alert's job and
 * instance. Labels are only compared: none becomes a name of anything.
 * @returns undefined where no container of the lab is behind them
 * @throws Unreachable where Prometheus does not answer
 */
export async function resolveSteps(
  steps: readonly DeclaredStep[],
  { job, instance }: Labels,
  prometheus: Prometheus,
): Promise<DeclaredStep[] | undefined> {
  if (steps.every(({ target }) => target !== TARGET)) return [...steps];
  const wanted = { job: job ?? '', instance: instance ?? '' };
  const found = (await prometheus.targets()).find(({ labels }) => matches(labels, wanted));
  const service = found && serviceAt(found.scrapeUrl);
  if (service === undefined) return undefined;
  return steps.map((one) =>
    one.target === TARGET
      ? { ...one, target: service, value: one.value === TARGET ? service : one.value }
      : one,
  );
}

/** The service of the lab at a URL inside it; Prometheus scrapes itself as localhost. */
export function serviceAt(url: string): string | undefined {
  const host = URL.canParse(url) ? new URL(url).hostname : '';
  const service = host === 'localhost' ? 'prometheus' : host;
  return SERVICES.find((one) => one === service);
}

/**
 * Takes one step, if it is needed, and waits for the world to show it.
 * @param signal ends the waiting; an act that is under way is waited for
 * @returns what came of it; that it could not be taken is an answer too
 */
export async function takeStep(
  { step, target, value }: DeclaredStep,
  world: World,
  signal: AbortSignal,
): Promise<StepRecord> {
  const { clock } = world;
  const startedAt = iso(clock.now());
  const told = (outcome: StepRecord['outcome'], message: string): StepRecord => ({
    ...{ type: step.type, target, startedAt, endedAt: iso(clock.now()), outcome, message },
  });
  try {
    const { needed, why } = await step.look(target, value, world);
    if (signal.aborted) return told('interrupted', `${why}; nothing was done`);
    if (!needed) return told('unneeded', why);
    await step.act(target, value, world);
    const seen = await until(clock, signal, () => step.isWell(target, value, world));
    return seen ? told('done', why) : told('failed', `${why}; it was not well within ${WELL_MS / 1000} s`);
  } catch (error) {
    return told(signal.aborted ? 'interrupted' : 'failed', messageOf(error));
  }
}

/** Whether all that the steps are for is there. What cannot be asked is not. */
export async function areWell(steps: readonly DeclaredStep[], world: World): Promise<boolean> {
  const asked = steps.map(({ step, target, value }) => step.isWell(target, value, world).catch(() => false));
  return (await Promise.all(asked)).every(Boolean);
}

/** Whether something was so before the time was over. */
async function until(clock: Clock, signal: AbortSignal, isSo: () => Promise<boolean>): Promise<boolean> {
  const giveUpAt = clock.now() + WELL_MS;
  for (;;) {
    // What does not answer yet is not well yet.
    if (await isSo().catch(() => false)) return true;
    if (clock.now() >= giveUpAt) return false;
    await clock.sleep(POLL_MS, signal);
  }
}
