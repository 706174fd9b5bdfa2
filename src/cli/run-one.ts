import { systemClock } from '../core/clock.ts';
import { EXIT_CODES } from '../core/errors.ts';
import type { Lab } from '../core/lab.ts';
import { connectEngine } from '../docker/engine.ts';
import { toRecord } from '../report/record.ts';
import { writeRecord } from '../report/record-file.ts';
import { run } from '../run/runner.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { judge } from '../verdict/judge.ts';
import type { Display } from './live-view.ts';
import { version } from './version.ts';

interface Request {
  scenario: Scenario;
  lab: Lab;
  signal: AbortSignal;
  reports: string;
  display: Display;
}

/** Runs a scenario, judges it, and writes its record to a file. */
export async function runOne({ scenario, lab, signal, reports, display }: Request) {
  const clock = systemClock;
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
  return { code: exitCodeOf(record), record, file: await writeRecord(reports, record) };
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
