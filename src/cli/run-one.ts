import { systemClock } from '../core/clock.ts';
import { EXIT_CODES } from '../core/errors.ts';
import type { Lab } from '../core/lab.ts';
import { connectEngine } from '../docker/engine.ts';
import { toRecord } from '../report/record.ts';
import { writeRecord } from '../report/record-file.ts';
import { summary } from '../report/summary.ts';
import { run } from '../run/runner.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { judge } from '../verdict/judge.ts';
import { type Display, liveDisplay, plainDisplay } from './live-view.ts';
import { paint } from './paint.ts';
import { version } from './version.ts';

interface Request {
  scenario: Scenario;
  lab: Lab;
  signal: AbortSignal;
  json: boolean;
  reports: string;
}

/** Runs a scenario, shows it, writes its record, and says what came of it. */
export async function runOne({ scenario, lab, signal, json, reports }: Request) {
  const clock = systemClock;
  // With --json, stdout belongs to the record.
  const stream = json ? process.stderr : process.stdout;
  const say = (line: string) => stream.write(`${line}\n`);
  const display: Display =
    stream.isTTY && !process.env.CI
      ? liveDisplay(scenario, clock, lab.speed, stream)
      : plainDisplay(scenario, clock, say);
  const evidence = await run({
    scenario,
    lab,
    engine: connectEngine(lab.project, clock),
    clock,
    signal,
    on: display.listen,
    version: version(),
  }).finally(() => display.end());
  const record = toRecord(evidence, judge(evidence));
  const file = await writeRecord(reports, record);
  say('');
  for (const line of summary(record)) say(paint(line));
  say('');
  say(`Record: ${file}`);
  return { code: exitCodeOf(record), record };
}

/** The exit code of a run, by how it ended and then by its verdict. */
export function exitCodeOf({
  status,
  verdict,
}: {
  status: string;
  verdict: 'pass' | 'fail' | 'inconclusive';
}): number {
  if (status === 'interrupted') return EXIT_CODES.interrupted.code;
  if (status === 'stopped') return EXIT_CODES.stopped.code;
  return EXIT_CODES[verdict].code;
}
