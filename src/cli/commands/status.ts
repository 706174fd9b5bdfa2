import type { CommandModule } from 'yargs';
import { EXIT_CODES } from '../../core/errors.ts';
import { helpEnd, jsonOption, labOption } from '../options.ts';
import { say, sayJson } from '../terminal.ts';

interface Args {
  name: string;
  json: boolean;
}

const command: CommandModule<object, Args> = {
  command: 'status',
  describe: 'say whether a lab is up and every target is UP (exit 0), or what is not (exit 3)',
  builder: (yargs) =>
    yargs
      .option('name', labOption)
      .option('json', jsonOption('print it as JSON'))
      .example('$0 status', 'containers, targets, and what fires')
      .example('until $0 status; do sleep 1; done', 'wait for it in a script')
      .epilogue(helpEnd('0 all is well; 3 it is not, or there is no such lab', 'lab')) as never,
  async handler({ name, json }) {
    const [
      { readStatus },
      { connectEngine },
      { systemClock },
      { addresses },
      { default: chalk },
      { alertName },
      { activityOn },
    ] = await Promise.all([
      import('../../stack/status.ts'),
      import('../../docker/engine.ts'),
      import('../../core/clock.ts'),
      import('../addresses.ts'),
      import('chalk'),
      import('../../core/labels.ts'),
      import('../../undo/recover.ts'),
    ]);
    const status = await readStatus(name, (project) => connectEngine(project, systemClock));
    process.exitCode = status.ok ? EXIT_CODES.pass.code : EXIT_CODES.notReady.code;
    const activity = await activityOn(status.lab.dir);
    if (json) {
      sayJson({ ...status, ...activity });
      return;
    }
    const mark = (ok: boolean) => (ok ? chalk.green('ok  ') : chalk.red('not '));
    const { lab, containers, checks, alerts } = status;
    say(`${chalk.bold(lab.name)}  speed ${lab.speed}, ${lab.images} images`);
    for (const line of addresses(lab)) say(`  ${line}`);
    say();
    for (const { service, ok, detail } of containers)
      say(`${mark(ok)} container ${service}${ok ? '' : `: ${detail}`}`);
    for (const { name: check, ok, detail } of checks) say(`${mark(ok)} ${check}${ok ? '' : `: ${detail}`}`);
    say();
    for (const { labels, state } of alerts) {
      const { alertname = '', severity: _, ...rest } = labels;
      say(`${chalk.yellow(state.padEnd(8))} ${alertName(alertname, rest)}`);
    }
    if (activity.acting) {
      const { scenario, process: pid, inForce } = activity.acting;
      const what = inForce.length > 0 ? `; in force: ${inForce.join(', ')}` : '';
      say(chalk.magenta(`A run of ${scenario} acts on it (process ${pid})${what}.`));
    }
    for (const { scenario, inForce } of activity.left)
      say(
        chalk.red(
          `A run of ${scenario} that is gone left ${inForce.join(', ')}: chaos recover --name ${name}`,
        ),
      );
    say(
      status.ok
        ? chalk.green('The lab is up and every target is UP.')
        : chalk.red(`The lab is not ready. chaos up --name ${name} --speed ${lab.speed} mends most of it.`),
    );
  },
};

export default command;
