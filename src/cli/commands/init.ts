import type { CommandModule } from 'yargs';
import { ChaosError } from '../../core/errors.ts';
import { helpEnd } from '../options.ts';

interface Args {
  name: string;
  fault: string;
  target?: string;
  alert?: string;
}

const command: CommandModule<object, Args> = {
  command: 'init <name>',
  describe: 'write a commented scenario of your own, that can be run as it is',
  builder: (yargs) =>
    yargs
      .positional('name', { type: 'string', demandOption: true, describe: 'the word behind chaos run' })
      .option('fault', {
        type: 'string',
        default: 'container-stop',
        describe: 'what is broken; chaos list shows all',
      })
      .option('target', { type: 'string', describe: 'the service it is done to, where the fault has one' })
      .option('alert', { type: 'string', describe: 'the rule that should notice' })
      .example('$0 init my-outage', 'scenarios/my-outage.yaml: the API stops')
      .example(
        '$0 init slow-cart --fault network-delay --alert HighLatencyP95',
        'another fault, another rule',
      )
      .example('$0 list', 'the faults there are')
      .epilogue(
        helpEnd('0 written; 2 it is there already, or there is no such fault, target or alert', 'scenarios'),
      ) as never,
  async handler({ name, fault: type, target, alert }) {
    const [{ writeDraft }, { say }] = await Promise.all([
      import('../write-draft.ts'),
      import('../terminal.ts'),
    ]);
    if (!/^[a-z0-9][a-z0-9-]{0,99}$/.test(name))
      throw new ChaosError('usage', 'A scenario is called by small letters, digits and dashes.', {
        hint: 'chaos init my-outage',
      });
    const file = writeDraft({ name, type, target, alert });
    say(`${file} is written. chaos plan ${name} says what it would do, chaos run ${name} does it.`);
  },
};

export default command;
