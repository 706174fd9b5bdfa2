import { iso, systemClock } from '../core/clock.ts';
import { ChaosError, EXIT_CODES } from '../core/errors.ts';
import type { Lab } from '../core/lab.ts';
import { alertName } from '../core/labels.ts';
import { visible } from '../core/visible.ts';
import { connectEngine } from '../docker/engine.ts';
import type { Control } from '../plan/control.ts';
import { type DryRun, dryRun } from '../run/dry-run.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { worstOf } from './exit-codes.ts';
import { printError } from './print-error.ts';
import { showPlan, showTouches } from './show-plan.ts';
import { say, sayJson, tell } from './terminal.ts';

interface Request {
  lab: Lab;
  signal: AbortSignal;
  json: boolean;
  control?: Control | undefined;
  swarm?: { generators: number | undefined };
}

/** Shows what runs would do, and returns the exit code: 3 where one could not begin. */
export async function showDryRuns(scenarios: readonly Scenario[], request: Request): Promise<number> {
  const { lab, signal, json, control, swarm } = request;
  const engine = connectEngine(lab.project, systemClock);
  const codes: number[] = [];
  const ready: object[] = [];
  for (const scenario of scenarios) {
    if (signal.aborted) return EXIT_CODES.interrupted.code;
    try {
      const onWaiting = (reason: string) => void tell(`${scenario.name}: ${reason}`);
      const dry = await dryRun({
        scenario,
        lab,
        engine,
        clock: systemClock,
        signal,
        onWaiting,
        control,
        swarm,
      });
      const times = timesOf(dry);
      ready.push({ dryRun: true, ...dry, from: iso(dry.from), times });
      if (!json) for (const line of shown(dry, times)) say(line);
      codes.push(EXIT_CODES.pass.code);
    } catch (error) {
      if (!(error instanceof ChaosError)) throw error;
      await printError(error, false);
      codes.push(error.exitCode);
    }
  }
  // One that could not begin has nothing to show.
  const told = scenarios.length === 1 ? ready[0] : ready;
  if (json && told) sayJson(told);
  return worstOf(codes);
}

/** The plan in wall time, if the baseline began now and were quiet at once. */
function timesOf({ from, speed, plan: { baselineMs, steps, expectations } }: DryRun) {
  const at = (labMs: number) => iso(from + (baselineMs + labMs) / speed);
  return {
    steps: steps.map(({ id, atMs, endMs }) => ({ id, from: at(atMs), to: at(endMs) })),
    expectations: expectations.map(({ alert, labels, earliestMs, deadlineMs }) => ({
      alert,
      labels,
      earliest: at(earliestMs),
      deadline: at(deadlineMs),
    })),
  };
}

function shown(dry: DryRun, { steps, expectations }: ReturnType<typeof timesOf>): string[] {
  const clock = (time: string) => time.slice(11, 19);
  return [
    ...showPlan(dry.plan, dry.speed),
    '',
    `If it began now, on ${dry.lab} at ${dry.speed}x (times in UTC):`,
    `  ${clock(iso(dry.from))}  baseline`,
    ...steps.map(({ id, from, to }) => `  ${clock(from)}  ${id}, until ${clock(to)}`),
    ...expectations.map(
      ({ alert, labels, earliest, deadline }) =>
        `  ${clock(earliest)}  ${visible(alertName(alert, labels))}, until ${clock(deadline)}`,
    ),
    ...(dry.inTheWay.length > 0 ? ['', `The baseline would wait: ${visible(dry.inTheWay.join('; '))}.`] : []),
    '',
    ...showTouches(dry.plan.touches),
    '',
    'A dry run: everything was asked, and nothing was changed.',
    '',
  ];
}
