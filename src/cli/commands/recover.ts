import type { CommandModule } from 'yargs';
import { helpEnd, labOption } from '../options.ts';
import { say } from '../terminal.ts';

interface Args {
  name: string;
}

const command: CommandModule<object, Args> = {
  command: 'recover',
  describe: 'take back what a run that died has left behind; the next run, up and calibrate do it too',
  builder: (yargs) =>
    yargs
      .option('name', labOption)
      .example('$0 recover', 'after a power cut, or a kill -9 of everything')
      .example('$0 recover --name second', 'on another lab')
      .epilogue(
        helpEnd('0 nothing is left; 3 something could not be taken back, or a run is going on', 'undo'),
      ) as never,
  async handler({ name }) {
    const [{ worldOf }, { recoverLab, requireIdle }] = await Promise.all([
      import('../world.ts'),
      import('../../undo/recover.ts'),
    ]);
    const world = await worldOf(name);
    await requireIdle(world.lab);
    const recoveries = await recoverLab(world, say);
    for (const { scenario, acts } of recoveries)
      for (const { id, type } of acts) say(`${scenario}: ${id} (${type}) taken back.`);
    say(recoveries.length > 0 ? 'The lab is as it was.' : 'There is nothing to take back.');
  },
};

export default command;
