import type { Phase } from '../core/events.ts';

/** What a person reads for each phase. */
export const PHASE_NAMES: Record<Phase, string> = {
  preflight: 'checking the lab',
  baseline: 'baseline',
  timeline: 'timeline',
  watch: 'watching the alerts',
  undo: 'taking everything back',
  collect: 'reading the history',
  done: 'done',
};
