import type { z } from 'zod';
import type { Clock } from '../core/clock.ts';
import type { Lab } from '../core/lab.ts';
import type { Engine, Looking } from '../docker/engine.ts';

/** What a fault may use to act on the lab. Handed in, so that reading a scenario never loads a Docker client. */
export interface World {
  lab: Lab;
  engine: Engine;
  clock: Clock;
}

/** The same for who only reads: of the engine it has the verbs that change nothing. */
export type Onlooker = Omit<World, 'engine'> & { engine: Looking };

/** One thing in the world that a fault changes. The plan shows all of them before any is touched. */
export interface Touch {
  kind: 'container' | 'network' | 'database' | 'switches' | 'file' | 'helper' | 'host';
  /** The service it belongs to; the name of a helper; `the host`. */
  on: string;
  /** What becomes of it: `stopped`. */
  does: string;
  /** How that is taken back, and what ends by itself: `started again`. */
  undo: string;
}

/** Plain JSON, so that an undo can be written down before the act and carried out by another process. */
export type UndoNote = Record<string, unknown>;

/**
 * A process that is told to stop refuses connections before it is gone: probes fail some hundred milliseconds
 * ahead of the `die` event. So an alert can be early only with respect to `beganAt`, and late only with respect to
 * `effectiveAt`.
 */
export interface Effect {
  beganAt: number;
  effectiveAt: number;
}

/** What belongs to one injection. */
export interface Injection<Undo> {
  /** Ends it before it is complete; what was done until then is undone by the caller. */
  signal: AbortSignal;
  /** How long it is meant to last, for those that can end by themselves: wall milliseconds. */
  forMs: number;
  /** What `prepare` noted. */
  note: Undo;
}

/**
 * One fault. One file, named as the user writes it; see docs/adding-a-fault.md.
 * `prepare` reads, `inject` acts, `undo` restores what `prepare` saw. All three wait only through the clock and
 * the signal, and a failure of the system under test is data for the record, never an exception.
 */
export interface Fault<Fields, Undo extends UndoNote = UndoNote> {
  /** The word in the scenario file, and the name of the file. */
  readonly type: string;
  /** One line for `chaos list`. */
  readonly summary: string;
  /** Whether its targets answer nobody while it lasts, not even a scrape. */
  readonly silences?: true;
  /** The user's settings beside `type` and `for`. */
  readonly fields: z.ZodType<Fields>;
  /** Settings by which it is felt on the lab: what `chaos init` writes. */
  readonly example: Partial<Fields> & Record<string, unknown>;
  /** One line for the plan: what will be done to whom. */
  describe(fields: Fields): string;
  /** The services it touches: its blast radius. None for what acts on the host. */
  targets(fields: Fields): string[];
  /** Everything it changes, its helpers included. */
  touches(fields: Fields): Touch[];
  /**
   * Reads the state to come back to, without changing anything: a dry run asks it too.
   * @throws ChaosError `not-ready` where the fault cannot act, saying why
   */
  prepare(fields: Fields, world: Onlooker): Promise<Undo>;
  /**
   * Acts, and returns once the world has shown the effect.
   * @returns by the world's own clock, in milliseconds since the Unix epoch: `beganAt`, the first moment at which
   * anything could be felt of it, and `effectiveAt`, from which on it was whole
   */
  inject(fields: Fields, world: World, injection: Injection<Undo>): Promise<Effect>;
  /**
   * Restores what `prepare` saw. May be called more than once, and after a crash.
   * @returns whether the earlier state was observed again, and when (milliseconds since the Unix epoch)
   */
  undo(undo: Undo, world: World): Promise<{ undoneAt: number; restored: boolean }>;
}

/** Checks a fault against the contract where it is written, and lets the list hold faults of different fields. */
export function defineFault<Fields, Undo extends UndoNote>(fault: Fault<Fields, Undo>): AnyFault {
  return fault as unknown as AnyFault;
}

/** A fault whose fields have been checked by its own schema. */
export type AnyFault = Fault<Record<string, unknown>, UndoNote>;
