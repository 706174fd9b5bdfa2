/** An alerting rule, from a rule file or from a live Prometheus. Durations are milliseconds as that source states them. */
export interface AlertRule {
  name: string;
  expr: string;
  forMs: number;
  keepFiringForMs: number;
  labels: Record<string, string>;
  annotations: Record<string, string>;
  /** Rule group, and how often it is evaluated; undefined where the file leaves it to the global interval. */
  group: string;
  intervalMs: number | undefined;
  /** Where it stands, for a rule read from a file. */
  file?: string;
  line?: number;
  exprAt?: ExprAt;
  /** Where its `for:` stands, counted from 1; absent where it has none. */
  forAt?: { line: number; column: number };
}

/**
 * Where an expression begins in its file, counted from 1. `block` says that each of its lines begins at that column;
 * `opaque` that it is folded or escaped, so that no other character of it has a place.
 */
export interface ExprAt {
  line: number;
  column: number;
  shape: 'line' | 'block' | 'opaque';
}

/** A recording rule. */
export interface RecordingRule {
  record: string;
  expr: string;
  /** Missing in records from before they were read. */
  labels?: Record<string, string>;
  group: string;
  /** As an alert's. */
  intervalMs?: number | undefined;
  file?: string;
  line?: number;
  exprAt?: ExprAt;
}

/** How often a Prometheus looks, and how long it waits for an answer. Milliseconds. */
export interface Cadence {
  scrapeMs: number;
  scrapeTimeoutMs: number;
  evaluationMs: number;
}
