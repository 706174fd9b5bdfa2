import chalk from 'chalk';
import { humanDuration } from '../core/duration.ts';
import { alertName } from '../core/labels.ts';
import { visible } from '../core/visible.ts';
import type { Plan } from '../plan/plan.ts';
import type { Touched } from '../plan/touches.ts';

/** What is done when, and when each alert may and must fire, in lab time. */
export function showPlan(plan: Plan, speed: number): string[] {
  const { scenario, title, about, pass, baselineMs, longestMs, steps, expectations } = plan;
  const time = (ms: number) => humanDuration(ms).padStart(6);
  // Words of the file: nothing in them may move the cursor.
  const names = expectations.map(({ alert, labels }) => visible(alertName(alert, labels)));
  const wide = Math.max(0, ...names.map((name) => name.length));
  const longest = baselineMs + longestMs;
  const wall = speed === 1 ? '' : `; ${humanDuration(longest / speed)} of wall time at ${speed}x`;
  return [
    `${chalk.bold(scenario)}  ${visible(title)}`,
    ...(about
      ? about
          .trim()
          .split('\n')
          .map((line) => chalk.dim(visible(line)))
      : []),
    '',
    chalk.dim('Lab time, counted from the end of the baseline.'),
    `${time(-baselineMs)}  baseline: nothing may be pending or firing`,
    ...steps.map(
      ({ id, what, atMs, endMs }) =>
        `${time(atMs)}  ${chalk.red(id)}: ${visible(what)}, until ${humanDuration(endMs)}`,
    ),
    '',
    ...expectations.map(({ because, forMs, earliestMs, deadlineMs, goneByMs }, i) => {
      const gone = goneByMs === undefined ? '' : `, gone by ${humanDuration(goneByMs)}`;
      return (
        `  ${chalk.bold(names[i]!.padEnd(wide))}  fires between ${humanDuration(earliestMs)} and ${humanDuration(deadlineMs)}` +
        chalk.dim(`${gone}  (for: ${humanDuration(forMs)}, because of ${because})`)
      );
    }),
    ...(expectations.length === 0 ? ['  No alert may fire.'] : []),
    '',
    `At most ${humanDuration(longest)}${wall}. Passes from ${pass}.`,
  ];
}

/** Everything that would be touched, for how long, and how it is taken back. */
export function showTouches(touches: readonly Touched[]): string[] {
  if (touches.length === 0) return ['Touches nothing.'];
  return [
    'Touches:',
    ...touches.flatMap(({ step, kind, on, does, undo, atMs, endMs }) => [
      `  ${kind} ${chalk.bold(visible(on))}, ${humanDuration(atMs)} to ${humanDuration(endMs)} ${chalk.dim(`(${step})`)}`,
      `    ${visible(does)} ${chalk.bold('→')} ${undo}`,
    ]),
  ];
}
