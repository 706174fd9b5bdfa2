import type { Clock } from '../../core/clock.ts';
import { ChaosError } from '../../core/errors.ts';
import type { Lab } from '../../core/lab.ts';
import type { Engine } from '../../docker/engine.ts';
import type { PrometheusSettings } from '../../observe/prometheus.ts';
import { writePage } from '../../report/pages.ts';
import type { RunRecord } from '../../report/record.ts';
import { writeRecord } from '../../report/record-file.ts';
import { recordOf } from '../../report/regrade.ts';
import { packSamples } from '../../report/samples.ts';
import { isUnquiet } from '../../run/baseline.ts';
import { run } from '../../run/runner.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { JudgedExpectation } from '../../verdict/verdict.ts';
import type { Submission } from '../submission.ts';
import { type IncidentId, STOPPED, scenarioOf } from './incidents.ts';
import { isOnTime } from './on-time.ts';
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

/**
 * One that shows nothing, or alerts at another time than they should, is carried out once more, as the machine may have been
 * too busy; the better one counts. An alert that did not fire at all is no matter of time.
 */
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
      incidents.push({ id, expected: [], record: null, file: null, why: null, unquiet: false });
      continue;
    }
    const { scenario, expected } = made;
    carrying.say(`${scenario.title}: waiting for ${expected.map(({ alert }) => alert).join(', ')}`);
    incidents.push({ id, expected, ...(await carryOutOne(scenario, carrying)) });
  }
  return incidents;
}

type Carried = Pick<SeenIncident, 'record' | 'file' | 'why' | 'unquiet'>;

async function carryOutOne(scenario: Scenario, carrying: Carrying): Promise<Carried> {
  const { lab, engine, clock, signal, reports, version, say } = carrying;
  let best: Carried = { record: null, file: null, why: null, unquiet: false };
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
      if (onTime(record) > onTime(best.record))
        best = { record, file, why: record.statusReason, unquiet: false };
      if (!record.expectations.some(isDoubtful)) return best;
    } catch (error) {
      if (!(error instanceof ChaosError) || error.kind !== 'not-ready') throw error;
      best = { ...best, why: error.message, unquiet: isUnquiet(error) };
    }
    if (tries < TRIES)
      say(`${scenario.title}: once more, as ${best.why ?? 'the machine may have been too busy'}`);
  }
  return best;
}

/** How many of its alerts fired when they should; less than none where there is no record. */
function onTime(record: RunRecord | null): number {
  return record ? record.expectations.filter(isOnTime).length : -1;
}

function isDoubtful({ outcome, firedAt }: JudgedExpectation): boolean {
  return outcome === 'early' || outcome === 'late' || (outcome === 'inconclusive' && firedAt === null);
}
