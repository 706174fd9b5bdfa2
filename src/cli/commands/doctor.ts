import type { CommandModule } from 'yargs';
import { EXIT_CODES } from '../../core/errors.ts';
import { helpEnd, jsonOption, labOption } from '../options.ts';
import { say, sayJson } from '../terminal.ts';

interface Args {
  name: string;
  json: boolean;
}

const command: CommandModule<object, Args> = {
  command: 'doctor',
  describe: 'name what is missing on this machine, and the command that mends it',
  builder: (yargs) =>
    yargs
      .option('name', labOption)
      .option('json', jsonOption('print it as JSON'))
      .example('$0 doctor', 'before the first chaos up')
      .example('$0 doctor --name second', 'the ports of another lab')
      .epilogue(helpEnd('0 nothing is missing; 3 something is', 'lab')) as never,
  async handler({ name, json }) {
    const [{ examine }, { connectImages }, { systemClock }, { default: chalk }] = await Promise.all([
      import('../../stack/doctor.ts'),
      import('../../docker/images.ts'),
      import('../../core/clock.ts'),
      import('chalk'),
    ]);
    const findings = await examine(name, connectImages(), systemClock);
    const missing = findings.filter(({ state }) => state === 'missing');
    process.exitCode = missing.length === 0 ? EXIT_CODES.pass.code : EXIT_CODES.notReady.code;
    if (json) {
      sayJson(findings);
      return;
    }
    const marks = {
      ok: chalk.green('ok     '),
      warn: chalk.yellow('warning'),
      missing: chalk.red('missing'),
    };
    for (const { name: what, state, detail, mend } of findings) {
      say(`${marks[state]} ${what.padEnd(14)} ${detail}`);
      if (mend) say(`        ${chalk.bold('→')} ${mend}`);
    }
  },
};

export default command;
