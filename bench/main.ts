import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { loadLab } from '../src/stack/lab-file.ts';
import { alerts } from './alerts.ts';
import { killed } from './killed.ts';
import { open } from './open.ts';
import { record } from './record.ts';
import { soak } from './soak.ts';
import { startup } from './startup.ts';
import { throughput } from './throughput.ts';
import { addressOf } from './tools.ts';
import { verdicts } from './verdicts.ts';

const {
  name,
  rounds,
  only,
  build,
  runs,
  scenario,
  soak: minutes,
} = await yargs(hideBin(process.argv))
  .scriptName('npm run bench --')
  .option('name', { type: 'string', default: 'techshop', describe: 'the lab whose nginx is asked' })
  .option('rounds', { type: 'number', default: 5, describe: 'of each measurement, whose median counts' })
  .option('only', {
    choices: ['startup', 'throughput', 'open', 'killed', 'alerts', 'record'] as const,
    describe: 'one of them',
  })
  .option('build', {
    type: 'string',
    array: true,
    default: ['dist'],
    describe: 'folders of builds whose start-up is measured',
  })
  .option('runs', {
    type: 'number',
    default: 0,
    describe: 'instead: so many runs of each --scenario, held against Prometheus and Alertmanager',
  })
  .option('soak', {
    type: 'number',
    default: 0,
    describe: 'instead: scenarios in one process, for so many minutes',
  })
  .option('scenario', {
    type: 'string',
    array: true,
    describe: 'of --runs and --soak; each has its own where none is named',
  })
  .strict()
  .parseAsync();

const print = (text: string) => process.stdout.write(`${text}\n\n`);
const wanted = (part: typeof only) => runs === 0 && minutes === 0 && (only === undefined || only === part);
if (runs > 0) print(await verdicts(loadLab(name), runs, scenario));
if (minutes > 0) print(await soak(loadLab(name), minutes, scenario));
// Four times as many: each of them is short, and is disturbed by whatever else goes on.
if (wanted('startup')) print(startup(4 * rounds, build));
if (wanted('throughput')) {
  // By its address in the lab's network: through a published port it is Docker's proxy that is measured.
  const address = await addressOf(`${loadLab(name).name}-nginx`);
  print(await throughput(`http://${address}/stub_status`, rounds));
}
if (wanted('open')) print(await open(Math.min(3, rounds)));
if (wanted('killed')) print(await killed(Math.min(3, rounds)));
if (wanted('alerts')) print(await alerts());
if (wanted('record')) print(await record(Math.min(3, rounds)));
