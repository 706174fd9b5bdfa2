import type { Clock } from '../../core/clock.ts';
import { ChaosError } from '../../core/errors.ts';
import type { Lab } from '../../core/lab.ts';
import type { Engine } from '../../docker/engine.ts';
import type { PrometheusSettings } from '../../observe/prometheus.ts';
import { writePage } from '../../report/pages.ts';
import { writeRecord } from '../../report/record-file.ts';
import { recordOf } from '../../report/regrade.ts';
import { packSamples } from '../../report/samples.ts';
import { run } from '../../run/runner.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { JudgedExpectation } from '../../verdict/verdict.ts';
import type { Submission } from '../submission.ts';
import { type IncidentId, STOPPED, scenarioOf } from './incidents.ts';
import type { SeenIncident, SeenPrometheus } from './sighting.ts';

/** What incidents are carried out with. */
export interface Carrying {
  lab: Lab;
  engine: Engine;
  clock: Clock;
  signal: AbortSignal;
  /** Where the records go. */
  reports: string;
  /** Our own version, for them. */
  version: string;
  say: (line: string) => void;
}

/** One that shows nothing, as the machine was too busy or the stack not quiet, is carried out once more. */
const TRIES = 2;

/**
 * Carries out the lab's incidents one after the other, each as a run, with its record.
 * @throws ChaosError `interrupted`, or whatever else is not the stack's doing
 */
export async function carryOut(
  submission: Submission,
  { rules, resting }: SeenPrometheus,
  settings: PrometheusSettings,
  carrying: Carrying,
): Promise<SeenIncident[]> {
  const idle = new Set(resting.map(({ alert }) => alert));
  const incidents: SeenIncident[] = [];
  for (const id of Object.keys(STOPPED) as IncidentId[]) {
    const { speed } = carrying.lab;
    const made = scenarioOf(id, submission, { rules, cadence: settings, speed }, idle);
    if (!made) {
      incidents.push({ id, expected: [], record: null, file: null, why: null });
      continue;
    }
    const { scenario, expected } = made;
    carrying.say(`${scenario.title}: waiting for ${expected.map(({ alert }) => alert).join(', ')}`);
    incidents.push({ id, expected, ...(await carryOutOne(scenario, carrying)) });
  }
  return incidents;
}

type Carried = Pick<SeenIncident, 'record' | 'file' | 'why'>;

async function carryOutOne(scenario: Scenario, carrying: Carrying): Promise<Carried> {
  const { lab, engine, clock, signal, reports, version, say } = carrying;
  let last: Carried = { record: null, file: null, why: null };
  for (let tries = 1; tries <= TRIES; tries++) {
    try {
      const { evidence, samples } = await run({
        scenario,
        lab,
        engine,
        clock,
        signal,
        on: () => {},
        version,
      });
      const packed = samples && packSamples(samples);
      const record = recordOf(evidence, packed?.note ?? null);
      if (record.status === 'interrupted') signal.throwIfAborted();
      const file = await writeRecord(reports, record, packed?.bytes);
      await writePage({ file, record });
      last = { record, file, why: record.statusReason };
      if (!record.expectations.some(isUndecided)) return last;
    } catch (error) {
      if (!(error instanceof ChaosError) || error.kind !== 'not-ready') throw error;
      last = { record: null, file: null, why: error.message };
    }
    if (tries < TRIES)
      say(`${scenario.title}: that showed nothing (${last.why ?? 'inconclusive'}); once more`);
  }
  return last;
}

/** Whether the run does not tell if an alert fired. */
export function isUndecided({ outcome, firedAt }: JudgedExpectation): boolean {
  return outcome === 'inconclusive' && firedAt === null;
}
