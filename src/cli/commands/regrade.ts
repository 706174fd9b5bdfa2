import type { CommandModule } from 'yargs';
import { jsonOption } from '../options.ts';

interface Args {
  record: string[];
  json: boolean;
}

const command: CommandModule<object, Args> = {
  command: 'regrade <record..>',
  describe: 'give the verdict on recorded runs again, from their records alone',
  builder: (yargs) =>
    yargs
      .positional('record', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'a run.json, or the folder it lies in',
      })
      .option('json', jsonOption('print the run record as it is graded now, and nothing else, on stdout'))
      .example('$0 regrade reports/*', 'every recorded run')
      .example('$0 regrade r/run.json --json | cmp - r/run.json', 'the same, byte for byte') as never,
  async handler({ record: paths, json }) {
    const [{ readRecordAt }, { regradeAll }] = await Promise.all([
      import('../../report/read-records.ts'),
      import('../show-regrade.ts'),
    ]);
    process.exitCode = regradeAll(paths.map(readRecordAt), json);
  },
};

export default command;
