import chalk from 'chalk';
import { EXIT_CODES } from '../core/errors.ts';
import { visible } from '../core/visible.ts';
import type { Finding } from '../plan/findings/finding.ts';
import { findingsOf, keyOf } from '../plan/findings/index.ts';
import { makePlan } from '../plan/plan.ts';
import { type PlanSources, readPlanInputs } from './plan-inputs.ts';
import { resolveScenarios } from './scenarios.ts';
import { showPlan, showTouches } from './show-plan.ts';
import { say, sayJson } from './terminal.ts';

export interface PlanArgs extends PlanSources {
  scenario: string[];
  speed: number;
  /** The lab whose containers are named. */
  name: string;
  config?: string;
  json: boolean;
}

/** Plans scenarios, prints each with what stands in its way, and sets the exit code. */
export async function printPlans({
  scenario,
  speed,
  name,
  config,
  json,
  ...sources
}: PlanArgs): Promise<void> {
  const { rules, cadence, world, known, problems: found } = await readPlanInputs(sources);
  const plans = resolveScenarios(scenario, { config, known, found }).map((one) => ({
    ...makePlan(one, rules, cadence, { lab: name, speed }),
    findings: findingsOf({ scenario: one, rules, cadence, world }),
  }));
  if (plans.some(({ findings }) => findings.length > 0)) process.exitCode = EXIT_CODES.fail.code;
  if (json) {
    sayJson(plans.length === 1 ? plans[0] : plans);
    return;
  }
  // What is wrong with a rule is found with every scenario, and said with the first.
  const told = new Set<string>();
  for (const plan of plans) {
    const findings = plan.findings.filter((one) => !told.has(keyOf(one)));
    const lines = [...showPlan(plan, speed), '', ...showTouches(plan.touches), '', ...showFindings(findings)];
    for (const line of lines) say(line);
    for (const one of plan.findings) told.add(keyOf(one));
  }
}

/** Place and kind, the sentence, and the change, none wider than 100 columns where their words allow it. */
function showFindings(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  return [
    chalk.bold(findings.length === 1 ? 'One finding' : `${findings.length} findings`),
    ...findings.flatMap(({ kind, file, line, column, message, change }) => [
      `${chalk.red(kind)}  ${visible(file)}:${line}:${column}`,
      ...wrapped(visible(message), 98).map((text) => `  ${text}`),
      ...wrapped(visible(change), 96).map((text, i) => `  ${chalk.bold(i === 0 ? '→' : ' ')} ${text}`),
    ]),
    '',
  ];
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
