import type { CommandModule } from 'yargs';
import { ChaosError } from '../../core/errors.ts';
import type { Lab } from '../../core/lab.ts';
import type { Scenario } from '../../scenario/scenario.ts';
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
  swarm: boolean;
  generators?: number;
}

const MOST_LABS = 16;
const MOST_GENERATORS = 100;

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
      .option('swarm', {
        type: 'boolean',
        default: false,
        describe: 'make the load on the machines of the Swarm that this Docker engine manages',
      })
      .option('generators', {
        type: 'number',
        describe: 'with --swarm, how many load generators; by default one a machine',
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
      .example(
        '$0 run high-load --swarm --generators 4',
        'its load from four tasks of a Docker Swarm service',
      )
      .example('$0 run all', 'every scenario, side by side as far as this machine bears it')
      .example('$0 run all --json > runs.json', 'the same, as an array of records')
      .epilogue(
        helpEnd(
          '0 passed; 1 failed; 3 not ready; 4 inconclusive; 5 stopped; 130 interrupted. Of several the worst',
          'scoring',
        ),
      ) as never,
  async handler({ scenario: words, name, json, reports, config, control, 'dry-run': dryRun, ...given }) {
    const { parallel, swarm, generators } = given;
    requireCount('parallel', parallel, MOST_LABS);
    requireCount('generators', generators, MOST_GENERATORS);
    if (generators !== undefined && !swarm)
      throw new ChaosError('usage', '--generators is how many there are of a Swarm.', {
        hint: 'add --swarm',
      });
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
        const request = { lab, signal: interrupt.signal, json, control };
        process.exitCode = await showDryRuns(
          scenarios,
          swarm ? { ...request, swarm: { generators } } : request,
        );
        return;
      }
      const chosen = swarm ? await chooseFor(scenarios, lab, generators) : undefined;
      const request = { lab, parallel, signal: interrupt.signal, json, reports, control, swarm: chosen };
      const codes = await showRuns(scenarios, request);
      process.exitCode = worstOf(codes);
    } finally {
      interrupt.end();
    }
  },
};

async function chooseFor(scenarios: readonly Scenario[], lab: Lab, generators: number | undefined) {
  const [{ chooseSwarm }, { tell }] = await Promise.all([
    import('../swarm-choice.ts'),
    import('../terminal.ts'),
  ]);
  return await chooseSwarm(scenarios, lab, generators, (line) => void tell(line));
}

/** @throws ChaosError `usage` */
function requireCount(option: string, count: number | undefined, most: number): void {
  if (count === undefined || (Number.isInteger(count) && count >= 1 && count <= most)) return;
  throw new ChaosError('usage', `--${option} must be a whole number from 1 to ${most}.`);
}

export default command;
