import { type Decision, nextMove } from './decide.ts';
import type { GameEvent } from './events.ts';
import type { EventLog } from './log.ts';
import type { Day } from './schedule.ts';
import { type State, stateOf } from './state.ts';

/** A game day while it is played: its log, what follows from it, and who wants to hear of it. */
export class Game {
  readonly day: Day;
  readonly #log: EventLog;
  readonly #events: GameEvent[];
  readonly #hear = new Set<() => void>();
  #state: State;
  #writing: Promise<unknown> = Promise.resolve();

  /** @param events what is in the log already, `begun` at least */
  constructor(day: Day, log: EventLog, events: readonly GameEvent[]) {
    this.day = day;
    this.#log = log;
    this.#events = [...events];
    this.#state = stateOf(day, this.#events);
  }

  get state(): State {
    return this.#state;
  }

  get events(): readonly GameEvent[] {
    return this.#events;
  }

  /** Calls back after each change, until what it returns is called. */
  onChange(hear: () => void): () => void {
    this.#hear.add(hear);
    return () => this.#hear.delete(hear);
  }

  /** One after the other, each decided by all before it, and on disk before it is answered. */
  commit(decide: (state: State) => Decision): Promise<Decision> {
    const done = this.#writing.then(async () => {
      const decision = decide(this.#state);
      if ('event' in decision) await this.#write(decision.event);
      return decision;
    });
    this.#writing = done.catch(() => {});
    return done;
  }

  /** What needs no decision. Once the day is over, only what history knew of it is still written down. */
  async note(event: GameEvent): Promise<void> {
    await this.commit(({ over }) =>
      over && event.event !== 'history' ? { refused: 'The game day is over.' } : { event, said: '' },
    );
  }

  async close(): Promise<void> {
    await this.#writing;
    await this.#log.close();
  }

  move(now: number, finished: boolean) {
    return nextMove(this.day, this.#state, now, finished);
  }

  async #write(event: GameEvent): Promise<void> {
    await this.#log.append(event);
    this.#events.push(event);
    this.#state = stateOf(this.day, this.#events);
    for (const hear of this.#hear) hear();
  }
}
