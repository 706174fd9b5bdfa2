import type { JudgedExpectation } from '../../verdict/verdict.ts';

/** Within its window. That nobody was notified, or that it was silenced, costs elsewhere. */
export function isOnTime({ outcome, firedAt, earliest, deadline }: JudgedExpectation): boolean {
  if (outcome === 'on-time') return true;
  if (outcome === 'early' || outcome === 'late' || !firedAt || !earliest || !deadline) return false;
  return firedAt >= earliest && firedAt <= deadline;
}
