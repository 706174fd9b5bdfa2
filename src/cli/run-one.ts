import { systemClock } from '../core/clock.ts';
import { EXIT_CODES } from '../core/errors.ts';
import type { Lab } from '../core/lab.ts';
import { connectEngine } from '../docker/engine.ts';
import type { Control } from '../plan/control.ts';
import { type RunRecord, toRecord } from '../report/record.ts';
import { writeRecord } from '../report/record-file.ts';
import { run } from '../run/runner.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { judge } from '../verdict/judge.ts';
import { controlHolds } from '../verdict/score.ts';
import type { Display } from './live-view.ts';
import { version } from './version.ts';

interface Request {
  scenario: Scenario;
  lab: Lab;
  signal: AbortSignal;
  reports: string;
  display: Display;
  control?: Control | undefined;
}

/** Runs a scenario, judges it, and writes its record to a file. */
export async function runOne({ scenario, lab, signal, reports, display, control }: Request) {
  const clock = systemClock;
  const evidence = await run({
    scenario,
    lab,
    engine: connectEngine(lab.project, clock),
    clock,
    signal,
    on: display.listen,
    version: version(),
    ...(control ? { control } : {}),
  }).finally(() => display.end());
  const record = toRecord(evidence, judge(evidence));
  return { code: exitCodeOf(record), record, file: await writeRecord(reports, record) };
}

/** The exit code of a run, by how it ended and then by its verdict; of a control, by whether it held. */
export function exitCodeOf(
  record: Pick<RunRecord, 'status' | 'verdict' | 'expectations'> & { control?: Control },
): number {
  const { status, verdict, control } = record;
  if (status === 'interrupted') return EXIT_CODES.interrupted.code;
  if (status === 'stopped') return EXIT_CODES.stopped.code;
  if (control && verdict !== 'inconclusive') return EXIT_CODES[controlHolds(record) ? 'pass' : 'fail'].code;
  return EXIT_CODES[verdict].code;
}
