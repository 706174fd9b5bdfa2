import type { CommandModule } from 'yargs';
import { helpEnd, labOption } from '../options.ts';
import { say } from '../terminal.ts';

interface Args {
  name: string;
}

const command: CommandModule<object, Args> = {
  command: 'down',
  describe: 'remove a lab: its containers, network, volumes and passwords',
  builder: (yargs) =>
    yargs
      .option('name', labOption)
      .example('$0 down', 'the usual lab')
      .example('$0 down --name second', 'another one; the usual one stays')
      .epilogue(helpEnd('0 also where there was none; 3 Docker does not answer', 'lab')) as never,
  async handler({ name }) {
    const [{ takeDown }, { labDir }, { requireIdle }, { systemClock }, { showProgress }] = await Promise.all([
      import('../../stack/down.ts'),
      import('../../stack/lab-file.ts'),
      import('../../undo/recover.ts'),
      import('../../core/clock.ts'),
      import('../progress.ts'),
    ]);
    await requireIdle({ name, dir: labDir(name) });
    const progress = showProgress(process.stdout, systemClock);
    const removed = await takeDown(name, progress.say).finally(() => progress.end());
    say(removed ? `The lab ${name} is gone.` : `There was no lab called ${name}.`);
  },
};

export default command;
