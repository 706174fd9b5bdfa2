import PQueue from 'p-queue';
import { iso, timeLimit } from '../core/clock.ts';
import { ChaosError, messageOf } from '../core/errors.ts';
import type { Listener } from '../core/events.ts';
import type { Effect, UndoNote, World } from '../faults/fault.ts';
import { findFault, touchedBy } from '../faults/index.ts';
import type { LoadResult, RunningLoad } from '../load/load.ts';
import type { ReadyLoad } from '../load/ready.ts';
import { describePeak, endOf } from '../plan/plan.ts';
import type { FaultStep, LoadSpec, LoadStep, Step } from '../scenario/scenario.ts';
import type { Guard, GuardedAct } from '../undo/guard.ts';
import { GIVE_UP_MS } from '../undo/recover.ts';
import { undoUntil } from '../undo/take-back.ts';
import { type LoadSource, thisMachine } from './load-source.ts';
import type { FaultRecord, StepEffect } from './record.ts';

/** A fault that the world has not shown after this many wall milliseconds is given up, and undone. */
const EFFECT_LIMIT_MS = 60_000;

/** A load's processes are started so long before they are needed, in wall milliseconds; it takes about 300. */
const GET_READY_MS = 3000;

/** How much longer than meant an act may be in force before the reaper ends it, in wall milliseconds. */
const OVERDUE_MS = 120_000;

/** Carries out the steps of a timeline, and takes back what it did, whatever happens in between. */
export class StepRunner {
  readonly effects: StepEffect[] = [];
  readonly faults: FaultRecord[] = [];
  readonly loads: LoadResult[] = [];
  readonly running: RunningLoad[] = [];
  readonly #undos: (() => Promise<void>)[] = [];
  readonly #world: World;
  readonly #guard: Guard;
  readonly #on: Listener;
  readonly #speed: number;
  readonly #isSham: (id: string) => boolean;
  readonly #source: LoadSource;

  /**
   * @param isSham whether a step of that id is only to be said to be carried out
   * @param source what makes the loads
   */
  constructor(
    world: World,
    guard: Guard,
    speed: number,
    on: Listener,
    isSham: (id: string) => boolean = () => false,
    source: LoadSource = thisMachine(world, speed),
  ) {
    this.#source = source;
    this.#isSham = isSham;
    this.#world = world;
    this.#guard = guard;
    this.#speed = speed;
    this.#on = on;
  }

  /**
   * Runs every step at its time after `zero`, side by side where they overlap. Resolves when all are over.
   * @throws the signal's reason
   */
  async runAll(steps: readonly Step[], zero: number, signal: AbortSignal): Promise<void> {
    for (const { id, kind, atMs } of steps) {
      const requestedAt = zero + atMs / this.#speed;
      this.effects.push({ id, kind, requestedAt, startedAt: null, fullAt: null, goneAt: null, error: null });
    }
    const queue = new PQueue({ concurrency: Math.max(1, steps.length) });
    const tasks = steps.map((step) => async () => {
      const beforehand = step.kind === 'load' && !this.#isSham(step.id) ? GET_READY_MS : 0;
      await this.#until(zero + step.atMs / this.#speed - beforehand, signal);
      const effect = this.effects.find(({ id }) => id === step.id)!;
      if (this.#isSham(step.id)) return this.#pretend(step, effect, signal);
      await (step.kind === 'fault' ? this.#fault(step, effect, signal) : this.#load(step, effect, signal));
    });
    await queue.addAll(tasks);
  }

  /** Starts a load that lasts until `undoAll`. */
  async background(traffic: LoadSpec): Promise<void> {
    this.#start(await this.#source('traffic', traffic));
  }

  /** Takes back, newest first, whatever is still in force. May be called more than once; never throws. */
  async undoAll(): Promise<void> {
    for (let undo = this.#undos.pop(); undo; undo = this.#undos.pop()) {
      // One that fails must not keep the others from being taken back.
      await undo().catch((error) => this.#tell('undo', 'failed', messageOf(error)));
    }
  }

  #start(load: ReadyLoad): RunningLoad {
    const running = load.start();
    this.running.push(running);
    const finished = running.finished.then((result) => {
      this.loads.push(result);
      this.running.splice(this.running.indexOf(running), 1);
    });
    this.#undos.push(async () => {
      await running.stop();
      await finished;
    });
    return running;
  }

  async #load({ id, load }: LoadStep, effect: StepEffect, signal: AbortSignal): Promise<void> {
    const { clock } = this.#world;
    const ready = await this.#try(effect, () => this.#source(id, load), signal);
    if (!ready) return;
    await this.#until(effect.requestedAt, signal).catch((error) => {
      ready.cancel();
      throw error;
    });
    const running = this.#start(ready);
    effect.requestedAt = running.startedAt;
    effect.startedAt = running.startedAt;
    effect.fullAt = running.fullAt;
    this.#tell(id, 'effective', `up to ${describePeak(load)}`);
    const stop = () => void running.stop();
    signal.addEventListener('abort', stop, { once: true });
    const { endedAt } = await running.finished;
    signal.removeEventListener('abort', stop);
    signal.throwIfAborted();
    effect.goneAt = endedAt;
    this.#tell(id, 'ended', `load over after ${Math.round((clock.now() - running.startedAt) / 1000)} s`);
  }

  /** Does nothing for as long as the step would last, and calls that its effect. */
  async #pretend(step: Step, effect: StepEffect, signal: AbortSignal): Promise<void> {
    const { clock } = this.#world;
    effect.startedAt = effect.fullAt = clock.now();
    this.#tell(step.id, 'effective', 'nothing, as this is a control');
    await clock.sleep((endOf(step) - step.atMs) / this.#speed, signal);
    effect.goneAt = clock.now();
    this.#tell(step.id, 'ended', 'nothing was to be undone');
  }

  #until(time: number, signal: AbortSignal): Promise<void> {
    return this.#world.clock.sleep(time - this.#world.clock.now(), signal);
  }

  async #fault(step: FaultStep, effect: StepEffect, signal: AbortSignal): Promise<void> {
    const { id, type, fields, forMs } = step;
    const { clock } = this.#world;
    const fault = findFault(type)!;
    const record: FaultRecord = {
      id,
      type,
      target: touchedBy(fault, fields).join(', '),
      requestedAt: iso(clock.now()),
      effectiveAt: null,
      undoneAt: null,
      restored: false,
    };
    this.faults.push(record);
    effect.requestedAt = clock.now();

    const note = await this.#try(effect, () => fault.prepare(fields, this.#world), signal);
    if (!note) return;
    const deadline = clock.now() + forMs / this.#speed + EFFECT_LIMIT_MS + OVERDUE_MS;
    const act = await this.#try(effect, () => this.#guard.before({ id, type, note, deadline }), signal);
    if (!act) return;
    const takeBack = this.#undoOnce(step, note, act, record, effect);
    this.#undos.push(takeBack);
    this.#tell(id, 'requested', fault.describe(fields));

    const injected = await this.#try(effect, () => this.#inject(step, note, signal), signal);
    if (injected) {
      await act.effective();
      record.effectiveAt = iso(injected.effectiveAt);
      effect.startedAt = injected.beganAt;
      effect.fullAt = injected.effectiveAt;
      this.#tell(id, 'effective', fault.describe(fields));
      await clock.sleep(injected.effectiveAt + forMs / this.#speed - clock.now(), signal);
    }
    await takeBack();
  }

  async #inject({ type, fields, forMs }: FaultStep, note: UndoNote, signal: AbortSignal): Promise<Effect> {
    const { clock } = this.#world;
    const late = () => new ChaosError('not-ready', 'its effect was not seen within a minute');
    const limit = timeLimit(clock, EFFECT_LIMIT_MS, late);
    try {
      return await findFault(type)!.inject(fields, this.#world, {
        signal: AbortSignal.any([signal, limit.signal]),
        forMs: forMs / this.#speed,
        note,
      });
    } finally {
      limit.end();
    }
  }

  /** Our inability to act makes the run inconclusive, it does not end it: what was done must still be undone. */
  async #try<T>(effect: StepEffect, act: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof ChaosError)) throw error;
      effect.error = messageOf(error);
      this.#tell(effect.id, 'failed', effect.error);
      return undefined;
    }
  }

  #undoOnce(
    { id, type }: FaultStep,
    note: UndoNote,
    act: GuardedAct,
    record: FaultRecord,
    effect: StepEffect,
  ): () => Promise<void> {
    const { clock } = this.#world;
    let under: Promise<void> | undefined;
    const takeBack = async () => {
      const ended = await undoUntil({ type, note }, this.#world, clock.now() + GIVE_UP_MS, (why) =>
        this.#tell(id, 'failed', `undo, tried again: ${why}`),
      );
      record.undoneAt = ended.undoneAt === null ? null : iso(ended.undoneAt);
      record.restored = ended.restored;
      effect.goneAt = ended.undoneAt;
      if (!ended.restored) return this.#tell(id, 'failed', `undo: ${ended.why}`);
      await act.undone();
      this.#tell(id, 'ended', 'undone');
    };
    return () => {
      under ??= takeBack();
      return under;
    };
  }

  #tell(id: string, state: 'requested' | 'effective' | 'ended' | 'failed', detail: string): void {
    this.#on({ type: 'step', at: this.#world.clock.now(), id, state, detail });
  }
}
