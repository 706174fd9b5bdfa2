import type { z } from 'zod';
import type { World } from '../faults/fault.ts';

/** In a runbook: the service behind the target that the alert is about, as Prometheus scrapes it. */
export const TARGET = '$target';

/** What a look at the world says of a step. */
export interface Look {
  needed: boolean;
  /** `api is stopped`, `api runs` */
  why: string;
}

/**
 * Something that a person on call would do, and that does no harm twice. One file, named as it is written in a runbook.
 * What the system under test does is an answer; only our own inability throws.
 */
export interface Step<Value> {
  /** The key in a runbook, and the name of the file. */
  readonly type: string;
  /** One line for docs and `chaos runbook`. */
  readonly summary: string;
  /** What stands behind the key. */
  readonly value: z.ZodType<Value>;
  /** The service it is done to, or TARGET. */
  target(value: Value): string;
  /** What it would do, and when: `start api, where it is stopped or paused`. */
  describe(target: string, value: Value): string;
  /** Reads whether it has to be done, and changes nothing. @throws ChaosError where that cannot be asked */
  look(target: string, value: Value, world: World): Promise<Look>;
  /** Does it. @throws ChaosError where it cannot be done */
  act(target: string, value: Value, world: World): Promise<void>;
  /** Whether what it is for is there again. @throws ChaosError where that cannot be asked */
  isWell(target: string, value: Value, world: World): Promise<boolean>;
}

/** Checks a step against the contract where it is written, and lets the list hold steps of different values. */
export function defineStep<Value>(step: Step<Value>): AnyStep {
  return step as unknown as AnyStep;
}

/** A step whose value has been checked by its own schema. */
export type AnyStep = Step<unknown>;

/** A step as a runbook declares it. */
export interface DeclaredStep {
  step: AnyStep;
  /** A service of the lab, or TARGET. */
  target: string;
  value: unknown;
}

/** By which two runbooks that want the same are known to. */
export function stepKey({ step, target, value }: DeclaredStep): string {
  return JSON.stringify([step.type, target, value]);
}
