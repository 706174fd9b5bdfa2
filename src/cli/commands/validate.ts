import type { CommandModule } from 'yargs';
import { visible } from '../../core/visible.ts';
import { configOption, helpEnd, jsonOption, scenarioArgument } from '../options.ts';
import { say, sayJson } from '../terminal.ts';

interface Args {
  scenario: string[];
  config?: string;
  json: boolean;
}

const command: CommandModule<object, Args> = {
  command: 'validate <scenario..>',
  describe: 'check files of scenarios and game days, and show every problem with its place; touches nothing',
  builder: (yargs) =>
    yargs
      .positional('scenario', scenarioArgument)
      .option('config', configOption)
      .option('json', jsonOption('print what was read, as JSON'))
      .example('$0 validate my-incident.yaml', 'a file')
      .example('$0 validate all', 'every scenario of this folder, and those that come with chaos')
      .epilogue(helpEnd('0 no problem; 2 at least one, each with its place', 'scenarios')) as never,
  async handler({ scenario, config, json }) {
    const [{ resolveScenarios }, { isGameday, readGameday }] = await Promise.all([
      import('../scenarios.ts'),
      import('../gamedays.ts'),
    ]);
    const days = scenario.filter(isGameday).map((file) => readGameday(file, config));
    const others = scenario.filter((one) => !isGameday(one));
    const found = days.flatMap(({ problems }) => problems);
    const read = [
      ...resolveScenarios(others, { config, found }),
      ...days.flatMap(({ schedule }) => schedule ?? []),
    ];
    if (json) sayJson(read);
    else for (const { file, title } of read) say(`${visible(`${file}: ${title}`)}: no problem found`);
  },
};

export default command;
