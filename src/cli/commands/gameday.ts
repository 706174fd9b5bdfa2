import type { CommandModule } from 'yargs';
import { ChaosError } from '../../core/errors.ts';
import { configOption, helpEnd, labOption } from '../options.ts';

interface Args {
  file?: string;
  name: string;
  mystery: boolean;
  seed?: number;
  port: number;
  resume?: string;
  reports: string;
  config?: string;
}

const command: CommandModule<object, Args> = {
  command: 'gameday [file]',
  describe:
    'play a game day: incidents for a team to find and mend, with pages for the team and the facilitator',
  builder: (yargs) =>
    yargs
      .positional('file', {
        type: 'string',
        describe:
          'schedule, by name or file; without one, that which was not finished is gone on with, or first begins',
      })
      .option('name', labOption)
      .option('mystery', {
        type: 'boolean',
        default: false,
        describe: 'the team is not told what happens, when, or how often',
      })
      .option('seed', { type: 'number', describe: 'draw the order by this number' })
      .option('port', { type: 'number', default: 0, describe: 'of the pages, on 127.0.0.1; any by default' })
      .option('resume', { type: 'string', describe: 'folder of a game day to go on with' })
      .option('config', configOption)
      .option('reports', { type: 'string', default: 'reports', describe: 'folder for its log and report' })
      .example('$0 gameday --mystery', 'the one that comes with chaos, and nobody knows what is next')
      .example('$0 gameday friday.yaml --seed 7', 'a schedule of your own, drawn as last time')
      .epilogue(
        helpEnd(
          '0 it was played to its end, or ended by the facilitator; 2 a bad schedule; 3 the lab is not ready; 130 interrupted, and can be gone on with',
          'gameday',
        ),
      ) as never,
  async handler({ file, name, mystery, seed, port, resume, reports, config }) {
    const whole = (value: number | undefined, most: number) =>
      value === undefined || (Number.isInteger(value) && value >= 0 && value <= most);
    if (!whole(seed, 2 ** 32 - 1)) throw new ChaosError('usage', '--seed must be a whole number.');
    if (!whole(port, 65_535)) throw new ChaosError('usage', '--port must be a port.');
    if (resume !== undefined && (file !== undefined || seed !== undefined))
      throw new ChaosError('usage', 'A game day that is gone on with has its schedule and its seed already.');
    const { showGameday } = await import('../show-gameday.ts');
    process.exitCode = await showGameday({ file, name, mystery, seed, port, resume, reports, config });
  },
};

export default command;
