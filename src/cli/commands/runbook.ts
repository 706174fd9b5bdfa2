import type { CommandModule } from 'yargs';
import { ChaosError } from '../../core/errors.ts';
import { helpEnd, jsonOption, labOption } from '../options.ts';

interface Args {
  alert?: string;
  auto: boolean;
  yes: boolean;
  once: boolean;
  name: string;
  json: boolean;
  reports: string;
  runbooks?: string;
}

const command: CommandModule<object, Args> = {
  command: 'runbook [alert]',
  describe: 'show what to do about an alert, or, with --auto, do it when the alert is notified',
  builder: (yargs) =>
    yargs
      .positional('alert', { type: 'string', describe: 'whose page; without it, the list of all' })
      .option('auto', {
        type: 'boolean',
        default: false,
        describe: 'wait for notifications, and take the steps that the runbooks of firing alerts declare',
      })
      .option('yes', { type: 'boolean', default: false, implies: 'auto', describe: 'without asking first' })
      .option('once', {
        type: 'boolean',
        default: false,
        implies: 'auto',
        describe: 'end after one runbook was followed; exit 1 where that restored nothing',
      })
      .option('name', labOption)
      .option('json', jsonOption('print what is shown, and each record on a line of its own, as JSON'))
      .option('reports', { type: 'string', default: 'reports', describe: 'where the records are' })
      .option('runbooks', {
        type: 'string',
        requiresArg: true,
        describe: 'folder of other pages; by default those of the lab',
      })
      .example('$0 runbook InstanceDown', 'what to look at, and what mends it')
      .example('$0 runbook --auto', 'in a second terminal; asks before it does anything')
      .epilogue(
        helpEnd('0; 1 with --once, what was done restored nothing; 2 no such alert; 3 not ready', 'lab'),
      ) as never,
  async handler(args) {
    if (!args.auto) {
      const { showRunbooks } = await import('../show-runbooks.ts');
      return showRunbooks(args);
    }
    if (args.alert !== undefined)
      throw new ChaosError('usage', '--auto follows the runbook of whatever is notified; name no alert.', {
        hint: 'chaos runbook --auto',
      });
    if (!args.yes && !process.stdin.isTTY)
      throw new ChaosError(
        'usage',
        'There is no terminal on which you could be asked before anything is done.',
        {
          hint: 'chaos runbook --auto --yes acts without asking',
        },
      );
    const { followRunbooks } = await import('../follow-runbooks.ts');
    return await followRunbooks(args);
  },
};

export default command;
