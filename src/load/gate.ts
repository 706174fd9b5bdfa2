import type { Clock } from '../core/clock.ts';

/** How often it is tried whether the target is back, in wall milliseconds. */
const RETRY_MS = 250;

/** How many connections try it. All of them would cost a good part of a core, and tell no more. */
const SCOUTS = 5;

/**
 * Where the connections of a load wait while their target is gone. A few at a time are let through to try; the first
 * answer to any of them lets all through.
 */
export class Gate {
  readonly #clock: Clock;
  readonly #waiting = new Set<() => void>();
  #opening = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Calls `again` when it is worth another try. */
  wait(again: () => void): void {
    this.#waiting.add(again);
    if (!this.#opening) void this.#letThrough();
  }

  /** The target has answered. */
  open(): void {
    if (this.#waiting.size === 0) return;
    for (const again of this.#take(this.#waiting.size)) again();
  }

  async #letThrough(): Promise<void> {
    this.#opening = true;
    while (this.#waiting.size > 0) {
      await this.#clock.sleep(RETRY_MS);
      for (const again of this.#take(SCOUTS)) again();
    }
    this.#opening = false;
  }

  /** The longest waiting ones. */
  #take(count: number): (() => void)[] {
    const taken = [...this.#waiting].slice(0, count);
    for (const again of taken) this.#waiting.delete(again);
    return taken;
  }
}
