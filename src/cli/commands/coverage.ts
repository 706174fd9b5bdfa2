import type { CommandModule } from 'yargs';
import { visible } from '../../core/visible.ts';
import type { Coverage, Seen } from '../../report/coverage.ts';
import { helpEnd, jsonOption } from '../options.ts';
import { say, sayJson } from '../terminal.ts';

interface Args {
  reports: string;
  json: boolean;
}

const command: CommandModule<object, Args> = {
  command: 'coverage',
  describe: 'show which alerts the saved runs have seen firing, and which rules nobody has',
  builder: (yargs) =>
    yargs
      .option('reports', { type: 'string', default: 'reports', describe: 'folder of run records' })
      .option('json', jsonOption('print it as JSON'))
      .example('$0 coverage', 'the newest run of each scenario')
      .example('$0 coverage --json', 'the same, for a script')
      .epilogue(helpEnd('0 whatever was never seen; 2 a record that is none', 'scoring')) as never,
  async handler({ reports, json }) {
    const [{ coverageOf }, { readRecords }] = await Promise.all([
      import('../../report/coverage.ts'),
      import('../../report/read-records.ts'),
    ]);
    const coverage = coverageOf(readRecords(reports));
    if (json) sayJson(coverage);
    else await print(coverage);
  },
};

async function print({ scenarios, alerts, neverFired, unseen }: Coverage): Promise<void> {
  const [{ default: chalk }, { default: Table }] = await Promise.all([import('chalk'), import('cli-table3')]);
  const colour: Record<Seen, (text: string) => string> = {
    'on-time': chalk.green,
    late: chalk.yellow,
    early: chalk.red,
    missed: chalk.red,
    unresolved: chalk.yellow,
    inconclusive: chalk.yellow,
    unexpected: chalk.magenta,
  };
  if (scenarios.length === 0) {
    say('No run has been recorded yet: chaos run all');
    return;
  }
  const { valueAt } = await import('../../scenario/keys.ts');
  // A column a scenario, by number: their names are too long to stand side by side.
  scenarios.forEach((name, i) => {
    say(`${chalk.bold(String(i + 1).padStart(3))}  ${name}`);
  });
  say();
  const table = new Table({
    head: ['alert', ...scenarios.map((_, i) => String(i + 1))],
    style: { head: [], border: [], compact: true },
  });
  const cell = (outcome: Seen | undefined) => (outcome ? colour[outcome](outcome) : '');
  for (const { alert, seen } of alerts) {
    table.push([visible(alert), ...scenarios.map((name) => cell(valueAt(seen, [name]) as Seen | undefined))]);
  }
  say(table.toString());
  say();
  const unproven = neverFired.length > 0 ? ' For these, promtool tests speak at most.' : '';
  say(`Never seen firing: ${visible(neverFired.join(', ')) || 'none'}.${unproven}`);
  say(`Incidents nothing fired for: ${unseen.join(', ') || 'none'}.`);
}

export default command;
