import type { CommandModule } from 'yargs';
import type { Plan } from '../../plan/plan.ts';
import { jsonOption, scenarioArgument } from '../options.ts';

interface Args {
  scenario: string[];
  speed: number;
  json: boolean;
}

const command: CommandModule<object, Args> = {
  command: 'plan <scenario..>',
  describe: 'show what a run would do, and when each alert may and must fire; touches nothing',
  builder: (yargs) =>
    yargs
      .positional('scenario', scenarioArgument)
      .option('speed', { type: 'number', default: 1, describe: 'show the wall time of a lab at this speed' })
      .option('json', jsonOption('print the plan as JSON'))
      .example('$0 plan high-load --speed 10', '') as never,
  async handler({ scenario, speed, json }) {
    const [{ resolveScenarios }, { makePlan }, { readStackRules }] = await Promise.all([
      import('../scenarios.ts'),
      import('../../plan/plan.ts'),
      import('../../stack/render.ts'),
    ]);
    const { rules, cadence } = readStackRules();
    const plans = resolveScenarios(scenario, rules).map((one) => makePlan(one, rules, cadence));
    if (json) process.stdout.write(`${JSON.stringify(plans.length === 1 ? plans[0] : plans, null, 2)}\n`);
    else for (const plan of plans) await print(plan, speed);
  },
};

async function print(plan: Plan, speed: number): Promise<void> {
  const [{ default: chalk }, { humanDuration }, { alertName }] = await Promise.all([
    import('chalk'),
    import('../../core/duration.ts'),
    import('../../core/labels.ts'),
  ]);
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

export default command;
