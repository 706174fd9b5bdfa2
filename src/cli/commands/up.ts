import type { CommandModule } from 'yargs';
import { messageOf } from '../../core/errors.ts';
import type { Lab } from '../../core/lab.ts';
import type { ImageChoice } from '../../stack/images.ts';
import { jsonOption, labOption } from '../options.ts';
import { say, sayJson } from '../terminal.ts';

interface Args {
  name: string;
  speed: number;
  images: ImageChoice;
  telemetry: boolean;
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
      .option('telemetry', {
        type: 'boolean',
        default: false,
        describe:
          'Loki and Tempo too, with the API’s logs and traces; official images only. They stay until chaos down',
      })
      .option('json', jsonOption('print the lab as JSON'))
      .example('$0 up --speed 10', 'the usual lab, ten times as fast')
      .example('$0 up --name second', 'another one beside it, on ports of its own') as never,
  async handler({ name, speed, images: choice, telemetry, json }) {
    const { requireIdle } = await import('../../undo/recover.ts');
    const { labDir } = await import('../../stack/lab-file.ts');
    await requireIdle({ name, dir: labDir(name) });
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
    const recover = () => recoverWhatIsLeft(name, progress.say);
    let lab: Lab;
    try {
      // What cannot be taken back now can be once its containers are there again.
      await recover().catch((error) => progress.say(messageOf(error)));
      lab = await bringUp(
        { name, speed, images: choice, telemetry },
        { images: connectImages(), clock, on: progress.say },
      );
      await recover();
    } finally {
      progress.end();
    }
    if (json) {
      sayJson(lab);
      return;
    }
    const seconds = Math.round((clock.now() - began) / 1000);
    say(`The lab ${lab.name} is up at speed ${lab.speed}, every target UP, after ${seconds} s.`);
    const left = [
      ...(lab.grafana ? [] : ['Grafana']),
      ...(telemetry && !lab.telemetry ? ['Loki', 'Tempo'] : []),
    ];
    if (left.length > 0)
      say(`Without ${left.join(', ')}: Debian does not package it, and no registry was used.`);
    for (const line of addresses(lab)) say(`  ${line}`);
    say(`Take it down with: chaos down${lab.name === 'techshop' ? '' : ` --name ${lab.name}`}`);
  },
};

async function recoverWhatIsLeft(name: string, say: (line: string) => void): Promise<void> {
  const [{ labIsThere }, { recoverLab }, { worldOf }] = await Promise.all([
    import('../../stack/lab-file.ts'),
    import('../../undo/recover.ts'),
    import('../world.ts'),
  ]);
  if (labIsThere(name)) await recoverLab(worldOf(name), say);
}

export default command;
