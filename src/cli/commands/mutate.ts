import type { CommandModule } from 'yargs';
import { helpEnd, jsonOption } from '../options.ts';

interface Args {
  record?: string[];
  rules?: string;
  reports: string;
  json: boolean;
}

const command: CommandModule<object, Args> = {
  command: 'mutate [record..]',
  describe: 'change each rule a little, and show which changes no recorded run would notice',
  builder: (yargs) =>
    yargs
      .positional('record', {
        type: 'string',
        array: true,
        describe: 'a run.json, or its folder; by default the newest run of each scenario',
      })
      .option('rules', {
        type: 'string',
        describe: 'a folder of rule files, as written at lab speed 1, instead of the rules of the runs',
      })
      .option('reports', { type: 'string', default: 'reports', describe: 'folder of run records' })
      .option('json', jsonOption('print it as JSON'))
      .example('$0 mutate', 'every rule, on the newest run of each scenario')
      .example('$0 mutate reports/2026-* --rules my-rules', 'rules of your own, on chosen runs')
      .epilogue(
        helpEnd('0 whatever goes unnoticed; 2 no records; 3 no Prometheus to ask', 'scoring'),
      ) as never,
  async handler({ record: paths = [], rules, reports, json }) {
    const { showMutants } = await import('../show-mutants.ts');
    await showMutants({ paths, rules, reports, json });
  },
};

export default command;
