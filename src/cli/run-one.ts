import { systemClock } from '../core/clock.ts';
import type { Lab } from '../core/lab.ts';
import { engineOf } from '../docker/lab-engine.ts';
import type { Control } from '../plan/control.ts';
import { exposeRun } from '../report/openmetrics.ts';
import { writePage } from '../report/pages.ts';
import { writeRecord } from '../report/record-file.ts';
import { recordOf } from '../report/regrade.ts';
import { packSamples } from '../report/samples.ts';
import { run } from '../run/runner.ts';
import type { SwarmChoice } from '../run/swarm.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { annotateLab } from './annotate.ts';
import { exitCodeOf } from './exit-codes.ts';
import type { Display } from './live-view.ts';
import { version } from './version.ts';

interface Request {
  scenario: Scenario;
  lab: Lab;
  signal: AbortSignal;
  reports: string;
  display: Display;
  control?: Control | undefined;
  swarm?: SwarmChoice | undefined;
}

/** Runs a scenario, judges it, writes its record and the page of it, and shows it to the lab's Prometheus and Grafana. */
export async function runOne({ scenario, lab, signal, reports, display, control, swarm }: Request) {
  const clock = systemClock;
  const { evidence, samples } = await run({
    scenario,
    lab,
    engine: await engineOf(lab, clock),
    clock,
    signal,
    on: display.listen,
    version: version(),
    ...(control ? { control } : {}),
    ...(swarm ? { swarm } : {}),
  }).finally(() => display.end());
  const packed = samples && packSamples(samples);
  const record = recordOf(evidence, packed?.note ?? null);
  const file = await writeRecord(reports, record, packed?.bytes);
  // A control's verdict is about us, not about the alerting.
  if (!control) await exposeRun(lab, record);
  const page = await writePage({ file, record });
  return { code: exitCodeOf(record), record, file, page, marked: await annotateLab(lab, record) };
}
