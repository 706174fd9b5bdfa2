import type { CommandModule } from 'yargs';
import { ChaosError, EXIT_CODES, messageOf } from '../../core/errors.ts';
import type { RunRecord } from '../../report/record.ts';
import { jsonOption, labOption, scenarioArgument } from '../options.ts';

interface Args {
  scenario: string[];
  name: string;
  json: boolean;
  reports: string;
}

/** Exit codes from the mildest to the worst, for a run of several scenarios. */
const WORST = [
  EXIT_CODES.pass,
  EXIT_CODES.inconclusive,
  EXIT_CODES.fail,
  EXIT_CODES.notReady,
  EXIT_CODES.stopped,
  EXIT_CODES.interrupted,
];

const command: CommandModule<object, Args> = {
  command: 'run <scenario..>',
  describe: 'run scenarios on a lab and score its alerts',
  builder: (yargs) =>
    yargs
      .positional('scenario', scenarioArgument)
      .option('name', labOption)
      .option('json', jsonOption('print the run record, and nothing else, on stdout'))
      .option('reports', { type: 'string', default: 'reports', describe: 'folder for run records' })
      .example('$0 run high-load', 'one scenario')
      .example(
        '$0 run all --json > runs.json',
        'every scenario, one after the other, as an array of records',
      ) as never,
  async handler({ scenario: words, name, json, reports }) {
    const { resolveScenarios } = await import('../scenarios.ts');
    const scenarios = resolveScenarios(words);
    const [{ runOne }, { loadLab }] = await Promise.all([
      import('../run-one.ts'),
      import('../../stack/lab-file.ts'),
    ]);
    const lab = loadLab(name);
    const interrupt = listenForInterrupt(lab.name);
    const outcomes: { scenario: string; code: number; record?: RunRecord }[] = [];
    try {
      for (const scenario of scenarios) {
        const request = { scenario, lab, signal: interrupt.signal, json, reports };
        const outcome = await runOne(request).catch(async (error: unknown) => {
          // Of several, one that cannot begin must not cost the others their records.
          if (!(error instanceof ChaosError) || scenarios.length === 1) throw error;
          const { printError } = await import('../print-error.ts');
          await printError(error, false);
          return { code: error.exitCode };
        });
        outcomes.push({ scenario: scenario.name, ...outcome });
        if (interrupt.signal.aborted) break;
      }
    } finally {
      interrupt.end();
    }
    const records = outcomes.flatMap(({ record }) => record ?? []);
    if (json) {
      process.stdout.write(`${JSON.stringify(scenarios.length === 1 ? records[0] : records, null, 2)}\n`);
    } else if (scenarios.length > 1) {
      process.stdout.write('\n');
      for (const { scenario, record } of outcomes) {
        const came = record ? `${record.verdict}  ${record.score ?? 'no score'}` : 'not ready';
        process.stdout.write(`${scenario.padEnd(20)} ${came}\n`);
      }
    }
    const codes = outcomes.map(({ code }) => code);
    process.exitCode = WORST.findLast(({ code }) => codes.includes(code))?.code ?? EXIT_CODES.pass.code;
  },
};

/** The first signal undoes and ends the run; a second one leaves at once, and says what that means. */
function listenForInterrupt(lab: string) {
  const controller = new AbortController();
  const onSignal = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      process.stderr.write(
        `Left without undoing. "chaos status --name ${lab}" shows what is down; "chaos up --name ${lab}" starts it.\n`,
      );
      process.exit(EXIT_CODES.interrupted.code);
    }
    process.stderr.write('Interrupted: taking everything back. Once more leaves at once.\n');
    controller.abort(new ChaosError('interrupted', `${name} from the user`));
  };
  // A mistake of ours in some corner must not leave the lab broken either.
  const onMistake = (error: unknown) =>
    controller.abort(
      new ChaosError('internal', `Something in chaos itself went wrong: ${messageOf(error)}`, {
        cause: error,
      }),
    );
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  for (const name of signals) process.on(name, onSignal);
  process.on('uncaughtException', onMistake);
  return {
    signal: controller.signal,
    end: () => {
      for (const name of signals) process.off(name, onSignal);
      process.off('uncaughtException', onMistake);
    },
  };
}

export default command;
