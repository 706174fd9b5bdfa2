import type { CommandModule } from 'yargs';
import { helpEnd, jsonOption } from '../options.ts';

interface Args {
  record: string[];
  rules?: string;
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
      .option('rules', {
        type: 'string',
        describe: 'a folder of rule files, as written at lab speed 1, to be tried on the recorded samples',
      })
      .option('json', jsonOption('print the run record as it is graded now, and nothing else, on stdout'))
      .example('$0 regrade reports/*', 'every recorded run')
      .example(
        '$0 regrade reports/* --rules my-rules',
        'what other thresholds and for: would have made of them',
      )
      .example('$0 regrade r/run.json --json | cmp - r/run.json', 'the same, byte for byte')
      .epilogue(
        helpEnd(
          'as those of chaos run, of several the worst; 2 a record that is none, or was changed',
          'scoring',
        ),
      ) as never,
  async handler({ record: paths, rules, json }) {
    const { readRecordAt } = await import('../../report/read-records.ts');
    const files = paths.map(readRecordAt);
    if (rules === undefined) {
      const { regradeAll } = await import('../show-regrade.ts');
      process.exitCode = regradeAll(files, json);
    } else {
      const { replayAll } = await import('../show-replay.ts');
      process.exitCode = await replayAll(files, rules, json);
    }
  },
};

export default command;
