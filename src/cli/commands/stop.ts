import type { CommandModule } from 'yargs';
import { ChaosError } from '../../core/errors.ts';
import { helpEnd, labOption } from '../options.ts';
import { say } from '../terminal.ts';

interface Args {
  name: string;
}

/** How long a run may take to take everything back, in wall milliseconds. */
const LIMIT_MS = 60_000;

const command: CommandModule<object, Args> = {
  command: 'stop',
  describe: 'end the run on a lab from another terminal: everything is taken back, and that run exits 5',
  builder: (yargs) =>
    yargs
      .option('name', labOption)
      .example('$0 stop', 'from a second terminal; that run exits 5')
      .example('$0 stop --name second', 'the run on another lab')
      .epilogue(helpEnd('0 ended and undone, or nothing was running; 3 it did not end', 'undo')) as never,
  async handler({ name }) {
    const [{ worldOf }, { activeRun, recoverLab }, { isAlive, pidOf }, { STOP_SIGNAL }] = await Promise.all([
      import('../world.ts'),
      import('../../undo/recover.ts'),
      import('../../core/process-identity.ts'),
      import('../interrupt.ts'),
    ]);
    const world = await worldOf(name);
    const { lab, clock } = world;
    const active = await activeRun(lab.dir);
    const began = clock.now();
    if (active) {
      process.kill(pidOf(active.keeper), STOP_SIGNAL);
      while (isAlive(active.keeper) && (await activeRun(lab.dir))) {
        if (clock.now() - began > LIMIT_MS)
          throw new ChaosError(
            'not-ready',
            `The run of ${active.header.scenario} did not end within a minute.`,
            {
              hint: `process ${pidOf(active.keeper)}; killed with SIGKILL, its reaper takes everything back`,
            },
          );
        await clock.sleep(50);
      }
    }
    await recoverLab(world, say);
    say(
      active
        ? `The run of ${active.header.scenario} is stopped, and everything taken back, after ${((clock.now() - began) / 1000).toFixed(1)} s.`
        : `Nothing is running on the lab ${name}.`,
    );
  },
};

export default command;
