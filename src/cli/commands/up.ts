import type { CommandModule } from 'yargs';
import type { ImageChoice } from '../../stack/images.ts';
import { jsonOption, labOption } from '../options.ts';

interface Args {
  name: string;
  speed: number;
  images: ImageChoice;
  json: boolean;
}

const command: CommandModule<object, Args> = {
  command: 'up',
  describe: 'bring a lab up, and return when every target is UP',
  builder: (yargs) =>
    yargs
      .option('name', labOption)
      .option('speed', {
        type: 'number',
        default: 1,
        describe: 'how many times faster than written: 10 turns minutes into seconds',
      })
      .option('images', {
        choices: ['auto', 'official', 'debian'] as const,
        default: 'auto' as const,
        describe: 'from the registry, or built here from Debian packages',
      })
      .option('json', jsonOption('print the lab as JSON'))
      .example('$0 up --speed 10', 'the usual lab, ten times as fast')
      .example('$0 up --name second', 'another one beside it, on ports of its own') as never,
  async handler({ name, speed, images: choice, json }) {
    const [{ bringUp }, { connectImages }, { systemClock }, { showProgress }, { addresses }] =
      await Promise.all([
        import('../../stack/up.ts'),
        import('../../docker/images.ts'),
        import('../../core/clock.ts'),
        import('../progress.ts'),
        import('../addresses.ts'),
      ]);
    const clock = systemClock;
    const began = clock.now();
    const progress = showProgress(json ? process.stderr : process.stdout, clock);
    const lab = await bringUp(
      { name, speed, images: choice },
      { images: connectImages(), clock, on: progress.say },
    ).finally(() => progress.end());
    if (json) {
      process.stdout.write(`${JSON.stringify(lab, null, 2)}\n`);
      return;
    }
    const seconds = Math.round((clock.now() - began) / 1000);
    process.stdout.write(
      `The lab ${lab.name} is up at speed ${lab.speed}, every target UP, after ${seconds} s.\n`,
    );
    if (!lab.grafana) process.stdout.write('Without Grafana, whose image needs a registry.\n');
    for (const line of addresses(lab)) process.stdout.write(`  ${line}\n`);
    process.stdout.write(
      `Take it down with: chaos down${lab.name === 'techshop' ? '' : ` --name ${lab.name}`}\n`,
    );
  },
};

export default command;
