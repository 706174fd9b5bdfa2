import { encode, LONGEST_US, latencyOf, newHistogram } from './histogram.ts';
import { type Counts, type LoadResult, type LoadSecond, noCounts } from './load.ts';

/** Counts of one load, second by second: what was sent, what came back, what did not. */
export class Tally {
  readonly statuses: Record<string, number> = {};
  readonly errors: Record<string, number> = {};
  readonly #seconds: LoadSecond[] = [];
  readonly #elapsedMs: () => number;
  readonly #all = newHistogram();
  readonly #latency = newHistogram();
  #second = 0;
  #counts = noCounts();
  #sums = noCounts();

  /** @param elapsedMs since the start of the load; never goes back */
  constructor(elapsedMs: () => number) {
    this.#elapsedMs = elapsedMs;
  }

  sending(): void {
    this.#now().sent++;
  }

  dropping(): void {
    this.#now().dropped++;
  }

  answered(status: number, latencyMs: number): void {
    const counts = this.#now();
    counts.completed++;
    if (status >= 500) counts.failed++;
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    this.#latency.recordValue(Math.min(LONGEST_US, Math.max(1, Math.round(latencyMs * 1000))));
  }

  failing(kind: string): void {
    this.#now().errors++;
    this.errors[kind] = (this.errors[kind] ?? 0) + 1;
  }

  /** Of the whole load until now. */
  get totals(): Counts {
    const sums = noCounts();
    for (const key of Object.keys(sums) as (keyof Counts)[]) sums[key] = this.#sums[key] + this.#counts[key];
    return sums;
  }

  /** What the record keeps of it. */
  end(): Pick<
    LoadResult,
    'sent' | 'completed' | 'statuses' | 'errors' | 'dropped' | 'latencyMs' | 'seconds'
  > {
    this.#close();
    const { sent, completed, dropped } = this.#sums;
    const { statuses, errors } = this;
    return {
      sent,
      completed,
      statuses,
      errors,
      dropped,
      latencyMs: latencyOf(this.#all),
      seconds: this.#seconds,
    };
  }

  #now(): Counts {
    const elapsed = this.#elapsedMs();
    if (elapsed >= (this.#second + 1) * 1000) {
      this.#close();
      this.#second = Math.floor(elapsed / 1000);
    }
    return this.#counts;
  }

  /** Puts the second away: encoded, as a live histogram of this range takes 100 kB. */
  #close(): void {
    const counts = this.#counts;
    if (Object.values(counts).every((count) => count === 0)) return;
    this.#seconds.push({
      second: this.#second,
      ...counts,
      latencyMs: latencyOf(this.#latency),
      histogram: encode(this.#latency),
    });
    for (const key of Object.keys(counts) as (keyof Counts)[]) this.#sums[key] += counts[key];
    this.#all.add(this.#latency);
    this.#latency.reset();
    this.#counts = noCounts();
  }
}
