import type { CommandModule } from 'yargs';
import { messageOf } from '../../core/errors.ts';
import type { Lab } from '../../core/lab.ts';
import type { ImageChoice } from '../../stack/images.ts';
import { helpEnd, jsonOption, labOption } from '../options.ts';
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
        describe: 'times faster than written, from 1 to 15: at 10, minutes are six seconds',
      })
      .option('images', {
        choices: ['auto', 'official', 'debian'] as const,
        default: 'auto' as const,
        describe: 'official: from a registry; debian: built here of packages; auto: whichever can be had',
      })
      .option('telemetry', {
        type: 'boolean',
        default: false,
        describe: 'Loki and Tempo too, until chaos down; official images only',
      })
      .option('json', jsonOption('print the lab as JSON'))
      .example('$0 up --speed 10', 'the usual lab, ten times as fast')
      .example('$0 up --name second', 'another one beside it, on ports of its own')
      .example('$0 up --telemetry --images official', 'with logs in Loki and traces in Tempo')
      .epilogue(
        helpEnd('0 up, every target UP; 2 a bad name or speed; 3 what is missing is named', 'lab'),
      ) as never,
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
  if (labIsThere(name)) await recoverLab(await worldOf(name), say);
}

export default command;
