import type { CommandModule } from 'yargs';
import { ChaosError, EXIT_CODES } from '../../core/errors.ts';
import type { Calibration } from '../../report/calibration.ts';
import type { RunRecord } from '../../report/record.ts';
import { configOption, helpEnd, jsonOption, labOption } from '../options.ts';
import { say, sayJson, tell } from '../terminal.ts';

interface Args {
  scenario: string;
  runs: number;
  name: string;
  reports: string;
  config?: string;
  json: boolean;
}

const MOST_RUNS = 100;

const command: CommandModule<object, Args> = {
  command: 'calibrate <scenario>',
  describe: 'run a scenario and its no-fault control again and again: how far its verdict can be trusted',
  builder: (yargs) =>
    yargs
      .positional('scenario', { type: 'string', demandOption: true, describe: 'name or file' })
      .option('runs', {
        type: 'number',
        default: 5,
        describe: 'how many with the fault, and as many without',
      })
      .option('name', labOption)
      .option('reports', { type: 'string', default: 'reports', describe: 'folder for run records' })
      .option('config', configOption)
      .option('json', jsonOption('print the calibration as JSON'))
      .example(
        '$0 calibrate api-outage --runs 10',
        'false fails, false passes, and the spread of every delay',
      )
      .example('$0 calibrate high-load --name second --json', 'on another lab, for a script')
      .epilogue(
        helpEnd('0 every verdict was right; 1 one was not; 3 not ready; 130 interrupted', 'scoring'),
      ) as never,
  async handler({ scenario: word, runs, name, reports, config, json }) {
    if (!(Number.isInteger(runs) && runs >= 1 && runs <= MOST_RUNS))
      throw new ChaosError('usage', `--runs must be a whole number from 1 to ${MOST_RUNS}.`);
    const [{ resolveScenarios }, { controlFault }] = await Promise.all([
      import('../scenarios.ts'),
      import('../../plan/control.ts'),
    ]);
    const [scenario] = resolveScenarios([word], { config });
    controlFault(scenario!, 'no-fault');
    const [
      { runOne },
      { plainDisplay },
      { loadLab },
      { listenForInterrupt },
      { systemClock },
      { calibrationOf },
    ] = await Promise.all([
      import('../run-one.ts'),
      import('../live-view.ts'),
      import('../../stack/lab-file.ts'),
      import('../interrupt.ts'),
      import('../../core/clock.ts'),
      import('../../report/calibration.ts'),
    ]);
    const lab = loadLab(name);
    const interrupt = listenForInterrupt(lab.name);
    const records: RunRecord[] = [];
    try {
      for (let turn = 0; turn < 2 * runs && !interrupt.signal.aborted; turn++) {
        const control = turn % 2 === 1 ? ('no-fault' as const) : undefined;
        const display = plainDisplay(scenario!, systemClock, () => {});
        const { record } = await runOne({
          scenario: scenario!,
          lab,
          signal: interrupt.signal,
          reports,
          display,
          control,
        });
        if (record.status === 'completed') records.push(record);
        tell(`${turn + 1} of ${2 * runs}: ${control ?? 'run'}, ${record.verdict}`);
      }
    } finally {
      interrupt.end();
    }
    if (interrupt.signal.aborted) {
      process.exitCode = EXIT_CODES.interrupted.code;
      return;
    }
    const calibration = calibrationOf(records);
    if (json) sayJson(calibration);
    else await print(calibration, lab.speed);
    const wrong = calibration.falseFails + calibration.falsePasses;
    process.exitCode = wrong > 0 ? EXIT_CODES.fail.code : EXIT_CODES.pass.code;
  },
};

async function print(
  { scenario, runs, falseFails, inconclusive, controls, falsePasses, delays }: Calibration,
  speed: number,
): Promise<void> {
  const [{ default: Table }, { humanDuration }, { alertName }] = await Promise.all([
    import('cli-table3'),
    import('../../core/duration.ts'),
    import('../../core/labels.ts'),
  ]);
  say(`${scenario}: ${runs} runs, ${falseFails} of them false fails, ${inconclusive} inconclusive`);
  say(`${' '.repeat(scenario.length)}  ${controls} controls, ${falsePasses} of them false passes`);
  say();
  const table = new Table({
    head: ['delay, in lab time', 'until', 'least', 'median', 'most'],
    colAligns: ['left', 'left', 'right', 'right', 'right'],
    style: { head: [], border: [], compact: true },
  });
  const time = (ms: number | null) => (ms === null ? '' : humanDuration(ms * speed));
  let told = '';
  for (const { alert, labels, name, leastMs, medianMs, mostMs } of delays) {
    const full = alertName(alert, labels);
    table.push([full === told ? '' : full, name, time(leastMs), time(medianMs), time(mostMs)]);
    told = full;
  }
  say(table.toString());
}

export default command;
