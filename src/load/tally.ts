import { build, type Histogram } from 'hdr-histogram-js';

/** Counts of one load: what was sent, what came back, what did not. */
export class Tally {
  sent = 0;
  completed = 0;
  readonly statuses: Record<string, number> = {};
  readonly errors: Record<string, number> = {};
  // Microseconds, as the histogram holds whole numbers only; three digits is 0.1 %.
  readonly #latency: Histogram = build({
    useWebAssembly: false,
    lowestDiscernibleValue: 1,
    highestTrackableValue: 600_000_000,
    numberOfSignificantValueDigits: 3,
  });

  answered(status: number, latencyMs: number): void {
    this.completed++;
    this.statuses[status] = (this.statuses[status] ?? 0) + 1;
    this.#latency.recordValue(Math.min(600_000_000, Math.max(1, Math.round(latencyMs * 1000))));
  }

  failed(kind: string): void {
    this.errors[kind] = (this.errors[kind] ?? 0) + 1;
  }

  get failures(): number {
    return Object.values(this.errors).reduce((sum, count) => sum + count, 0);
  }

  /** Answers with status 500 and above. */
  get serverErrors(): number {
    return Object.entries(this.statuses).reduce(
      (sum, [status, n]) => sum + (Number(status) >= 500 ? n : 0),
      0,
    );
  }

  /** Percentiles of completed requests in milliseconds; zeros where nothing completed. */
  latencyMs() {
    const at = (percentile: number) => Math.round(this.#latency.getValueAtPercentile(percentile) / 10) / 100;
    return { p50: at(50), p95: at(95), p99: at(99), max: Math.round(this.#latency.maxValue / 10) / 100 };
  }
}
