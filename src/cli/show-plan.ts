import chalk from 'chalk';
import { humanDuration } from '../core/duration.ts';
import { EXIT_CODES } from '../core/errors.ts';
import { alertName } from '../core/labels.ts';
import type { Finding } from '../plan/findings/finding.ts';
import { findingsOf, keyOf } from '../plan/findings/index.ts';
import { makePlan, type Plan } from '../plan/plan.ts';
import { visible } from '../scenario/problems.ts';
import { type PlanSources, readPlanInputs } from './plan-inputs.ts';
import { resolveScenarios } from './scenarios.ts';

export interface PlanArgs extends PlanSources {
  scenario: string[];
  speed: number;
  json: boolean;
}

/** Plans scenarios, prints each with what stands in its way, and sets the exit code. */
export async function showPlan({ scenario, speed, json, ...sources }: PlanArgs): Promise<void> {
  const { rules, cadence, world, known, problems } = await readPlanInputs(sources);
  const plans = resolveScenarios(scenario, known, problems).map((one) => ({
    ...makePlan(one, rules, cadence),
    findings: findingsOf({ scenario: one, rules, cadence, world }),
  }));
  if (plans.some(({ findings }) => findings.length > 0)) process.exitCode = EXIT_CODES.fail.code;
  if (json) {
    process.stdout.write(`${JSON.stringify(plans.length === 1 ? plans[0] : plans, null, 2)}\n`);
    return;
  }
  // What is wrong with a rule is found with every scenario, and said with the first.
  const told = new Set<string>();
  for (const plan of plans) {
    print(plan, speed);
    printFindings(plan.findings.filter((one) => !told.has(keyOf(one))));
    for (const one of plan.findings) told.add(keyOf(one));
  }
}

/** Place and kind, the sentence, and the change, none wider than 100 columns where their words allow it. */
function printFindings(findings: readonly Finding[]): void {
  if (findings.length === 0) return;
  const say = (line = '') => process.stdout.write(`${line}\n`);
  say(chalk.bold(findings.length === 1 ? 'One finding' : `${findings.length} findings`));
  for (const { kind, file, line, column, message, change } of findings) {
    say(`${chalk.red(kind)}  ${visible(file)}:${line}:${column}`);
    for (const text of wrapped(visible(message), 98)) say(`  ${text}`);
    wrapped(visible(change), 96).forEach((text, i) => {
      say(`  ${chalk.bold(i === 0 ? '→' : ' ')} ${text}`);
    });
  }
  say();
}

/** Lines of whole words; a word that is longer than a line stands alone. */
function wrapped(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

function print(plan: Plan, speed: number): void {
  const say = (line = '') => process.stdout.write(`${line}\n`);
  const time = (ms: number) => humanDuration(ms).padStart(6);
  say(`${chalk.bold(plan.scenario)}  ${plan.title}`);
  if (plan.about) say(chalk.dim(plan.about.trim()));
  say();
  say(chalk.dim('Lab time, counted from the end of the baseline.'));
  say(`${time(-plan.baselineMs)}  baseline: nothing may be pending or firing`);
  for (const { id, what, atMs, endMs } of plan.steps) {
    say(`${time(atMs)}  ${chalk.red(id)}: ${what}, until ${humanDuration(endMs)}`);
  }
  say();
  const wide = Math.max(0, ...plan.expectations.map(({ alert, labels }) => alertName(alert, labels).length));
  for (const { alert, labels, because, forMs, earliestMs, deadlineMs, goneByMs } of plan.expectations) {
    const gone = goneByMs === undefined ? '' : `, gone by ${humanDuration(goneByMs)}`;
    say(
      `  ${chalk.bold(alertName(alert, labels).padEnd(wide))}  fires between ${humanDuration(earliestMs)} and ${humanDuration(deadlineMs)}` +
        chalk.dim(`${gone}  (for: ${humanDuration(forMs)}, because of ${because})`),
    );
  }
  if (plan.expectations.length === 0) say('  No alert may fire.');
  say();
  const longest = plan.baselineMs + plan.longestMs;
  const wall = speed === 1 ? '' : `; ${humanDuration(longest / speed)} of wall time at ${speed}x`;
  say(
    `Touches ${plan.touches.length > 0 ? plan.touches.join(', ') : 'no container'}. At most ${humanDuration(longest)}${wall}. Passes from ${plan.pass}.`,
  );
  say();
}
