import PQueue from 'p-queue';
import { systemClock } from '../core/clock.ts';
import { ChaosError } from '../core/errors.ts';
import type { Lab } from '../core/lab.ts';
import { connectImages } from '../docker/images.ts';
import type { Control } from '../plan/control.ts';
import { schedule } from '../plan/schedule.ts';
import type { RunRecord } from '../report/record.ts';
import type { SwarmChoice } from '../run/swarm.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { takeDown } from '../stack/down.ts';
import { labIsThere } from '../stack/lab-file.ts';
import { bringUp } from '../stack/up.ts';
import type { Display } from './live-view.ts';
import { printError } from './print-error.ts';
import { runOne } from './run-one.ts';

/** What came of one scenario; no record where it could not begin. */
export interface Outcome {
  scenario: string;
  code: number;
  record?: RunRecord;
  /** Where the record was written. */
  file?: string;
  /** The same for people. */
  page?: string;
  /** What came of marking it in the lab's Grafana. */
  marked?: string | undefined;
}

interface Request {
  lab: Lab;
  /** How many at once, each on a lab of its own. */
  parallel: number;
  signal: AbortSignal;
  reports: string;
  control?: Control | undefined;
  swarm?: SwarmChoice | undefined;
  display: (scenario: Scenario, lab: Lab) => Display;
  say: (line: string) => void;
}

/**
 * Runs several scenarios, on the user's lab and on others like it that last as long as the runs do. One that cannot
 * begin does not cost the others their records; an interrupt ends them all.
 * @throws ChaosError where a lab cannot be brought up
 */
export async function runMany(
  scenarios: readonly Scenario[],
  { lab, parallel, signal, reports, control, swarm, display, say }: Request,
): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const { together, alone } = schedule(scenarios);
  const others = Math.max(0, Math.min(parallel, together.length) - 1);
  const names = Array.from({ length: others }, (_, index) => `${lab.name}-${index + 2}`);
  const ours = names.filter((name) => !labIsThere(name));

  async function runOn(free: Lab[], scenario: Scenario): Promise<void> {
    if (signal.aborted) return;
    const mine = free.pop()!;
    try {
      const shown = display(scenario, mine);
      outcomes.push({
        scenario: scenario.name,
        ...(await runOne({ scenario, lab: mine, signal, reports, control, swarm, display: shown })),
      });
    } catch (error) {
      if (!(error instanceof ChaosError)) throw error;
      await printError(error, false);
      outcomes.push({ scenario: scenario.name, code: error.exitCode });
    } finally {
      free.push(mine);
    }
  }

  try {
    const free = [...(await bringUpLike(lab, names, signal, say)), lab];
    const queue = new PQueue({ concurrency: free.length });
    await queue.addAll(together.map((scenario) => () => runOn(free, scenario)));
    queue.concurrency = 1;
    await queue.addAll(alone.map((scenario) => () => runOn(free, scenario)));
  } finally {
    for (const name of ours) {
      const was = await takeDown(name, () => {}).catch((error) => printError(error, false));
      if (was) say(`The lab ${name} is gone again.`);
    }
  }
  const order = scenarios.map(({ name }) => name);
  return outcomes.sort((a, b) => order.indexOf(a.scenario) - order.indexOf(b.scenario));
}

function bringUpLike(
  { speed, images }: Lab,
  names: readonly string[],
  signal: AbortSignal,
  say: (line: string) => void,
): Promise<Lab[]> {
  if (names.length > 0) say(`Bringing up ${names.join(', ')} beside it, for as long as the runs take.`);
  return Promise.all(
    names.map((name) =>
      bringUp({ name, speed, images }, { images: connectImages(), clock: systemClock, signal, on: () => {} }),
    ),
  );
}
