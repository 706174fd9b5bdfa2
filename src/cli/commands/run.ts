import type { CommandModule } from 'yargs';
import { ChaosError } from '../../core/errors.ts';
import { worstOf } from '../exit-codes.ts';
import { configOption, helpEnd, jsonOption, labOption, scenarioArgument } from '../options.ts';

interface Args {
  scenario: string[];
  name: string;
  parallel?: number;
  json: boolean;
  reports: string;
  config?: string;
  'dry-run': boolean;
  control?: 'no-fault' | 'wrong-fault';
}

const MOST_LABS = 16;

const command: CommandModule<object, Args> = {
  command: 'run <scenario..>',
  describe: 'run scenarios on a lab and score its alerts',
  builder: (yargs) =>
    yargs
      .positional('scenario', scenarioArgument)
      .option('name', labOption)
      .option('parallel', {
        type: 'number',
        describe:
          'of several scenarios, how many at once, each on a lab of its own; by default one a processor',
      })
      .option('control', {
        choices: ['no-fault', 'wrong-fault'] as const,
        describe: 'without the faults and loads, or with one nobody expects: nothing may be detected',
      })
      .option('dry-run', {
        type: 'boolean',
        default: false,
        describe: 'ask whether it could begin, and show what would be touched when; changes nothing',
      })
      .option('config', configOption)
      .option('json', jsonOption('print the run record, and nothing else, on stdout'))
      .option('reports', { type: 'string', default: 'reports', describe: 'folder for run records' })
      .example('$0 run high-load', 'one scenario')
      .example('$0 run high-load --dry-run', 'everything but the doing')
      .example('$0 run all', 'every scenario, side by side as far as this machine bears it')
      .example('$0 run all --json > runs.json', 'the same, as an array of records')
      .epilogue(
        helpEnd(
          '0 passed; 1 failed; 3 not ready; 4 inconclusive; 5 stopped; 130 interrupted. Of several the worst',
          'scoring',
        ),
      ) as never,
  async handler({ scenario: words, name, parallel, json, reports, config, control, 'dry-run': dryRun }) {
    if (parallel !== undefined && !(Number.isInteger(parallel) && parallel >= 1 && parallel <= MOST_LABS))
      throw new ChaosError('usage', `--parallel must be a whole number from 1 to ${MOST_LABS}.`);
    const { resolveScenarios } = await import('../scenarios.ts');
    const scenarios = resolveScenarios(words, { config });
    const [{ showRuns }, { loadLab }, { listenForInterrupt }] = await Promise.all([
      import('../show-runs.ts'),
      import('../../stack/lab-file.ts'),
      import('../interrupt.ts'),
    ]);
    const lab = loadLab(name);
    const interrupt = listenForInterrupt(lab.name);
    try {
      if (dryRun) {
        const { showDryRuns } = await import('../show-dry-run.ts');
        process.exitCode = await showDryRuns(scenarios, { lab, signal: interrupt.signal, json, control });
        return;
      }
      const request = { lab, parallel, signal: interrupt.signal, json, reports, control };
      const codes = await showRuns(scenarios, request);
      process.exitCode = worstOf(codes);
    } finally {
      interrupt.end();
    }
  },
};

export default command;
