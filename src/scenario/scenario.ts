import type { Position } from '../core/errors.ts';
import type { Arrivals } from '../load/pacer.ts';
import type { LoadStage } from '../load/stages.ts';

/** A scenario file, read and checked. Every duration is lab time in milliseconds. */
export interface Scenario {
  /** Path of the file as the user named it. */
  file: string;
  /** The word behind `chaos run`. */
  name: string;
  title: string;
  about: string;
  /** Background load during the whole run. */
  traffic?: LoadSpec;
  /** How long nothing may be wrong before the first step. */
  baselineMs: number;
  /** Steps in order of `atMs`. */
  timeline: Step[];
  expect: Expectation[];
  tolerate: Toleration[];
  /** How long to go on watching at least, counted from the end of the timeline. */
  watchMs: number;
  /** PromQL; a true answer undoes everything and ends the run with exit 5. */
  stopWhen: string[];
  /** After so long everything is undone and the run ends with exit 5; see `timeLimitOf`. */
  timeLimitMs?: number;
  /** The score, 0 to 100, from which a run with no missed alert passes. */
  pass: number;
}

export type Step = LoadStep | FaultStep;

interface StepBase {
  /** What `because:` refers to; by default the fault's type, or `load`. */
  id: string;
  /** Lab time from the end of the baseline. */
  atMs: number;
  at: Position;
}

export interface LoadStep extends StepBase {
  kind: 'load';
  load: LoadSpec;
}

export interface FaultStep extends StepBase {
  kind: 'fault';
  /** A fault's file name in src/faults, e.g. `container-stop`. */
  type: string;
  /** The fault's own fields, already checked against its schema. */
  fields: Record<string, unknown>;
  /** How long the fault stays before it is undone. */
  forMs: number;
}

/**
 * Closed model: `to` counts connections, each of which waits for its answer before it asks again. Open model: it is
 * a rate, in requests per second of wall time, and a request is dropped where `maxInFlight` have no answer yet.
 */
export type LoadSpec = LoadPlan &
  ({ model: 'closed' } | { model: 'open'; arrivals: Arrivals; maxInFlight: number });

interface LoadPlan {
  /** Asked in turn. At least one. */
  requests: LoadRequest[];
  /** At least one; background traffic has a single stage that holds for ever (`holdMs: Infinity`). */
  stages: LoadStage[];
}

export interface LoadRequest {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /**
   * A path (`/api/slow`: through nginx), a service of the lab (`http://api:5000/health`), a loopback URL, or an allowed one.
   */
  url: string;
  /** It leads elsewhere, and chaos.config.yaml allows that. */
  allowed?: true;
  /** Sent as JSON. */
  body?: unknown;
}

export interface Expectation {
  alert: string;
  /** Labels the alert must carry; others are free. */
  labels: Record<string, string>;
  /** The id of the step that should raise it. */
  because: string;
  /** Lab time from the step's effect until the rule's condition holds; replaces the computed crossing. */
  withinMs?: number;
  weight: number;
  /** Whether the alert must be gone again once its cause is. */
  resolves: boolean;
  at: Position;
}

export interface Toleration {
  alert: string;
  labels: Record<string, string>;
}
