import type { LoadResult } from '../load/load.ts';
import type { Episode } from '../observe/history.ts';
import type { Observations } from '../observe/observer.ts';
import type { Control } from '../plan/control.ts';
import type { Stretch } from '../plan/windows.ts';
import type { AlertRule, Cadence, RecordingRule } from '../rules/rule.ts';
import type { Expectation, Toleration } from '../scenario/scenario.ts';
import type { Surroundings } from './surroundings.ts';

/** Raised when a field changes its meaning or goes away; added fields do not raise it. */
export const SCHEMA_VERSION = 2;

/** How a run came to its end: by itself, by a safety stop, or by the user. */
export type RunStatus = 'completed' | 'stopped' | 'interrupted';

/** What a step did to the world. Milliseconds since the Unix epoch; null for what was never seen. */
export interface StepEffect {
  id: string;
  kind: 'fault' | 'load';
  requestedAt: number;
  /** First moment at which it can have had an effect: the Docker event, the first request. */
  startedAt: number | null;
  /** From then on it had all of its effect; for a load, the end of its last ramp. */
  fullAt: number | null;
  /** When the cause was taken away again. */
  goneAt: number | null;
  /** Why it had no effect. */
  error: string | null;
}

export interface FaultRecord {
  id: string;
  type: string;
  target: string;
  requestedAt: string;
  effectiveAt: string | null;
  undoneAt: string | null;
  /** Whether the state from before was observed again. */
  restored: boolean;
}

/** Software that took part, so that a delay can be compared with another one's. */
export interface Versions {
  chaos: string;
  node: string;
  prometheus: string;
  alertmanager: string;
}

/**
 * Everything that was seen in a run, and nothing that was concluded from it: the verdict is a pure function of
 * this. Durations in `rules` and `cadence` are wall milliseconds, as the live Prometheus ran them.
 */
export interface Evidence {
  schemaVersion: typeof SCHEMA_VERSION;
  scenario: string;
  title: string;
  /** The lab's name. */
  lab: string;
  speed: number;
  startedAt: string;
  /** End of the baseline: the zero of the scenario's `at:`. */
  zeroAt: string;
  endedAt: string;
  status: RunStatus;
  /** Why it was stopped or interrupted. */
  statusReason: string | null;
  /** The run was a control: its steps were not carried out, and nothing may be detected. */
  control?: Control;
  pass: number;
  expect: Omit<Expectation, 'at'>[];
  tolerate: Toleration[];
  cadence: Cadence;
  rules: { alerts: AlertRule[]; recordings: RecordingRule[] };
  steps: StepEffect[];
  faults: FaultRecord[];
  load: LoadResult[];
  /** From the stored samples of ALERTS and ALERTS_FOR_STATE; null where Prometheus could not be asked. */
  history: Episode[] | null;
  /** For each expectation, when its rule's expression held on the stored samples, from the effect on; null if unknown. */
  held: (Stretch[] | null)[];
  /** For each expectation, what its rule reads and Prometheus has no sample of in the whole run; null if unknown. */
  absent: (string[] | null)[];
  observations: Observations;
  /** Witnesses that were started anew in the middle of the run, and so have forgotten. */
  restarted: ('prometheus' | 'alertmanager')[];
  /** What the servers said of themselves before the baseline and after the run. */
  surroundings: { before: Surroundings; after: Surroundings };
  /** Whether the stack has an inbox, so that a notification that was not seen was not sent. */
  inbox: boolean;
  versions: Versions;
  /** Only of a run as it would have been under other rules: where those are from, and what cannot be known. */
  replayed?: { rules: string; prometheus: string; limits: string[] };
}
