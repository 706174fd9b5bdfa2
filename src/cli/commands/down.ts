import type { CommandModule } from 'yargs';
import { labOption } from '../options.ts';
import { say } from '../terminal.ts';

interface Args {
  name: string;
}

const command: CommandModule<object, Args> = {
  command: 'down',
  describe: 'remove a lab: its containers, network, volumes and passwords',
  builder: (yargs) => yargs.option('name', labOption) as never,
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
