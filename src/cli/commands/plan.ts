import type { CommandModule } from 'yargs';
import { configOption, helpEnd, jsonOption, labOption, scenarioArgument } from '../options.ts';
import type { PlanArgs } from '../print-plans.ts';

const command: CommandModule<object, PlanArgs> = {
  command: 'plan <scenario..>',
  describe:
    'show what a run would do, when each alert may and must fire, and what can never come about; touches nothing',
  builder: (yargs) =>
    yargs
      .positional('scenario', scenarioArgument)
      .option('speed', {
        type: 'number',
        default: 1,
        describe: 'wall times of a lab that is this many times faster',
      })
      .option('name', { ...labOption, describe: 'whose containers are named; it need not be up' })
      .option('config', configOption)
      .option('rules', file('folder of rule files, or one file, of a stack that is not the lab'))
      .option('prometheus-config', file('its prometheus.yml: jobs and intervals'))
      .option('app-metrics', file('what its application exposes: the text of /metrics, after some traffic'))
      .option('alertmanager-config', file('its alertmanager.yml: routes and inhibit rules'))
      .option('prometheus', file('address on this machine of a live Prometheus to read all that from'))
      .option('json', jsonOption('print the plan as JSON, with its findings'))
      .example('$0 plan high-load --speed 10', 'with the times of a lab ten times as fast')
      .example('$0 plan all --json', 'every scenario, for a script')
      .example(
        '$0 plan my-incident.yaml --rules prometheus/rules --app-metrics metrics.txt',
        'of a stack of your own',
      )
      .epilogue(
        helpEnd(
          '0 nothing stands in the way; 1 there is a finding: an expectation that can never be met, an incident no ' +
            'rule sees, or a condition that already holds; 2 a file has mistakes',
          'plan',
        ),
      ) as never,
  async handler(args) {
    const { printPlans } = await import('../print-plans.ts');
    await printPlans(args);
  },
};

function file(describe: string) {
  return { type: 'string', describe } as const;
}

export default command;
