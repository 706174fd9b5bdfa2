import type { CommandModule } from 'yargs';
import { visible } from '../../core/visible.ts';
import { helpEnd, jsonOption } from '../options.ts';
import { say, sayJson } from '../terminal.ts';

interface Args {
  json: boolean;
}

const command: CommandModule<object, Args> = {
  command: 'list',
  describe: 'list the scenarios and the faults they can be made of',
  builder: (yargs) =>
    yargs
      .option('json', jsonOption('print the lists as JSON'))
      .example('$0 list', 'what chaos run, plan and init take')
      .example("$0 list --json | jq -r '.scenarios[].name'", 'their names, for a script')
      .epilogue(helpEnd('0; 2 a scenario has mistakes', 'scenarios')) as never,
  async handler({ json }) {
    const [{ resolveScenarios }, { FAULTS }, { default: chalk }] = await Promise.all([
      import('../scenarios.ts'),
      import('../../faults/index.ts'),
      import('chalk'),
    ]);
    const scenarios = resolveScenarios(['all']).map(({ name, title, file, expect }) => ({
      name,
      title,
      file,
      alerts: [...new Set(expect.map(({ alert }) => alert))],
    }));
    const faults = FAULTS.map(({ type, summary }) => ({ type, summary }));
    if (json) {
      sayJson({ scenarios, faults });
      return;
    }
    const wide = Math.max(
      ...scenarios.map(({ name }) => name.length),
      ...faults.map(({ type }) => type.length),
    );
    say(chalk.bold('Scenarios'));
    for (const { name, title, alerts } of scenarios) {
      say(`  ${name.padEnd(wide)}  ${visible(title)}`);
      say(
        chalk.dim(
          `  ${' '.repeat(wide)}  ${alerts.length > 0 ? visible(alerts.join(', ')) : 'no alert expected'}`,
        ),
      );
    }
    say('');
    say(chalk.bold('Faults'));
    for (const { type, summary } of faults) say(`  ${type.padEnd(wide)}  ${summary}`);
  },
};

export default command;
