/** What a run is doing now; each phase is told once, when it begins. */
export type Phase = 'preflight' | 'baseline' | 'timeline' | 'watch' | 'undo' | 'collect' | 'done';

/** An alert as the newest poll of Prometheus shows it. */
export interface SeenAlert {
  labels: Record<string, string>;
  state: 'pending' | 'firing';
  /** Milliseconds since the Unix epoch. */
  activeAt: number;
  /** It is not held against the run. */
  tolerated?: boolean;
}

/** When an expected alert may and must fire, once its cause has taken effect. Milliseconds since the Unix epoch. */
export interface Due {
  /** Place in the scenario's `expect`. */
  index: number;
  earliest: number;
  deadline: number;
}

/** What a load is doing now. */
export interface LoadNow {
  connections: number;
  /** Sent and not yet answered. */
  inFlight: number;
  completed: number;
  /** Requests without an answer. */
  errors: number;
  /** Answers with status 500 and above. */
  failed: number;
}

/** What a run tells while it goes on; the live view and the plain log are both made of nothing else. */
export type RunEvent =
  | {
      type: 'phase';
      at: number;
      phase: Phase /** When it should end, where that is known. */;
      until?: number;
    }
  | {
      type: 'step';
      at: number;
      id: string;
      state: 'requested' | 'effective' | 'ended' | 'failed';
      detail: string;
    }
  | { type: 'due'; at: number; due: Due }
  | { type: 'alerts'; at: number; alerts: SeenAlert[] }
  | ({ type: 'load'; at: number; name: string } & LoadNow)
  | { type: 'note'; at: number; text: string };

/** Hears of every event, in order. Must not throw, and must not be slow. */
export type Listener = (event: RunEvent) => void;
