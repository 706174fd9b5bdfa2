import { availableParallelism, freemem } from 'node:os';
import Table from 'cli-table3';
import { systemClock } from '../core/clock.ts';
import { humanDuration } from '../core/duration.ts';
import type { Lab } from '../core/lab.ts';
import type { Control } from '../plan/control.ts';
import { labsBorne } from '../plan/schedule.ts';
import { summary } from '../report/summary.ts';
import type { SwarmChoice } from '../run/swarm.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { liveDisplay, plainDisplay } from './live-view.ts';
import { manyDisplay } from './many-view.ts';
import { paint } from './paint.ts';
import { type Outcome, runMany } from './run-many.ts';
import { runOne } from './run-one.ts';
import { say, sayJson, tell } from './terminal.ts';

interface Request {
  lab: Lab;
  parallel: number | undefined;
  signal: AbortSignal;
  json: boolean;
  reports: string;
  control?: Control | undefined;
  swarm?: SwarmChoice | undefined;
}

/** Runs scenarios, shows them while they run, and says what came of them. Returns their exit codes. */
export async function showRuns(scenarios: readonly Scenario[], request: Request): Promise<number[]> {
  const { lab, signal, json, reports, control, swarm } = request;
  // With --json, stdout belongs to the record.
  const stream = json ? process.stderr : process.stdout;
  const write = json ? tell : say;
  const moving = stream.isTTY && !process.env.CI;
  const plain = (scenario: Scenario) => plainDisplay(scenario, systemClock, write);
  const live = (scenario: Scenario) => liveDisplay(scenario, systemClock, lab.speed, stream);

  const [only, ...others] = scenarios;
  if (only && others.length === 0) {
    const display = moving ? live(only) : plain(only);
    const { code, ...outcome } = await runOne({
      scenario: only,
      lab,
      signal,
      reports,
      display,
      control,
      swarm,
    });
    story(outcome, write);
    if (json) sayJson(outcome.record);
    return [code];
  }

  const began = systemClock.now();
  const parallel = request.parallel ?? labsBorne(availableParallelism(), freemem());
  const many = moving ? manyDisplay(scenarios, systemClock, stream) : undefined;
  const outcomes = await runMany(scenarios, {
    ...request,
    parallel,
    display: many ? many.display : plain,
    say: many ? many.say : write,
  }).finally(() => many?.end());
  // What passed is a line in the table; what did not is worth its whole story.
  for (const outcome of outcomes) if (outcome.code !== 0) story(outcome, write);
  write(table(outcomes));
  write(
    `${outcomes.length} scenarios in ${humanDuration(systemClock.now() - began)}; records in ${reports}/`,
  );
  if (json) {
    const records = outcomes.flatMap(({ record }) => record ?? []);
    sayJson(records);
  }
  return outcomes.map(({ code }) => code);
}

function story(
  { record, file, page, marked }: Pick<Outcome, 'record' | 'file' | 'page' | 'marked'>,
  write: (line: string) => void,
): void {
  if (!record) return;
  write('');
  for (const line of summary(record)) write(paint(line, process.stdout.columns));
  write('');
  write(`Record: ${file}`);
  write(`Report: ${page}`);
  if (marked) write(marked);
}

function table(outcomes: readonly Outcome[]): string {
  const rows = new Table({
    head: ['scenario', 'verdict', 'score', 'alerts on time', 'took'],
    colAligns: ['left', 'left', 'right', 'right', 'right'],
    style: { head: ['bold'], border: ['dim'], compact: true },
  });
  for (const { scenario, record } of outcomes) {
    if (!record) {
      rows.push([scenario, 'not ready', '', '', '']);
      continue;
    }
    const { verdict, score, expectations, startedAt, endedAt } = record;
    const onTime = expectations.filter(({ outcome }) => outcome === 'on-time').length;
    rows.push([
      scenario,
      paint([{ text: verdict, tone: VERDICT_TONE[verdict] }]),
      score === null ? '' : String(score),
      `${onTime} of ${expectations.length}`,
      humanDuration(Date.parse(endedAt) - Date.parse(startedAt)),
    ]);
  }
  return rows.toString();
}

const VERDICT_TONE = { pass: 'good', fail: 'bad', inconclusive: 'doubtful' } as const;
