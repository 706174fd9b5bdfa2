import type { CommandModule } from 'yargs';
import { EXIT_CODES } from '../../core/errors.ts';
import type { Finding } from '../../plan/findings/finding.ts';
import { configOption, jsonOption, labOption, scenarioArgument } from '../options.ts';
import type { PlanSources } from '../plan-inputs.ts';

interface Args extends PlanSources {
  scenario: string[];
  speed: number;
  name: string;
  config?: string;
  json: boolean;
}

const command: CommandModule<object, Args> = {
  command: 'plan <scenario..>',
  describe:
    'show what a run would do, when each alert may and must fire, and what can never come about; touches nothing',
  builder: (yargs) =>
    yargs
      .positional('scenario', scenarioArgument)
      .option('speed', { type: 'number', default: 1, describe: 'show the wall time of a lab at this speed' })
      .option('name', { ...labOption, describe: 'whose containers are named; it need not be up' })
      .option('config', configOption)
      .option('rules', file('folder of rule files, or one file, of a stack that is not the lab'))
      .option('prometheus-config', file('its prometheus.yml: jobs and intervals'))
      .option('app-metrics', file('what its application exposes: the text of /metrics, after some traffic'))
      .option('alertmanager-config', file('its alertmanager.yml: routes and inhibit rules'))
      .option('prometheus', file('address on this machine of a live Prometheus to read all that from'))
      .option('json', jsonOption('print the plan as JSON, with its findings'))
      .example('$0 plan high-load --speed 10', '')
      .example('$0 plan my-incident.yaml --rules prometheus/rules --app-metrics metrics.txt', '')
      .epilogue(
        'Exit 0 where nothing stands in the way, 1 where there is a finding: an expectation that can never be met, ' +
          'an incident no rule sees, or a condition that already holds.',
      ) as never,
  async handler({ scenario, speed, name, config, json, ...sources }) {
    const [
      { resolveScenarios },
      { makePlan },
      { readPlanInputs },
      { findingsOf, keyOf },
      { showPlan, showTouches },
    ] = await Promise.all([
      import('../scenarios.ts'),
      import('../../plan/plan.ts'),
      import('../plan-inputs.ts'),
      import('../../plan/findings/index.ts'),
      import('../show-plan.ts'),
    ]);
    const { rules, cadence, world, known, problems: found } = await readPlanInputs(sources);
    const plans = resolveScenarios(scenario, { config, known, found }).map((one) => ({
      ...makePlan(one, rules, cadence, { lab: name, speed }),
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
      for (const line of [...showPlan(plan, speed), '', ...showTouches(plan.touches), ''])
        process.stdout.write(`${line}\n`);
      await printFindings(plan.findings.filter((one) => !told.has(keyOf(one))));
      for (const one of plan.findings) told.add(keyOf(one));
    }
  },
};

function file(describe: string) {
  return { type: 'string', describe } as const;
}

/** Place and kind, the sentence, and the change, none wider than 100 columns where their words allow it. */
async function printFindings(findings: readonly Finding[]): Promise<void> {
  if (findings.length === 0) return;
  const [{ default: chalk }, { visible }] = await Promise.all([
    import('chalk'),
    import('../../scenario/problems.ts'),
  ]);
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

export default command;
