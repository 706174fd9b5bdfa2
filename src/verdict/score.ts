import type { JudgedExpectation, Outcome, ScorePart, Unexpected } from './verdict.ts';

/** What each part is worth before parts that do not apply are left out. */
const WORTH = { detection: 50, timeliness: 20, silence: 20, recovery: 10 } as const;

/** Whether an outcome says that the alert fired because of its step, and that somebody was told. */
export function isDetected(outcome: Outcome): boolean {
  return outcome === 'on-time' || outcome === 'late' || outcome === 'unresolved';
}

const detected = ({ outcome }: JudgedExpectation) => isDetected(outcome);

/** Whether a control detected nothing: what was expected has no cause in it. */
export function controlHolds({ expectations }: { expectations: readonly JudgedExpectation[] }): boolean {
  return !expectations.some(detected);
}

const punctual = (one: JudgedExpectation) =>
  detected(one) && one.firedAt !== null && one.deadline !== null && one.firedAt <= one.deadline;

const recovered = (one: JudgedExpectation) => detected(one) && one.outcome !== 'unresolved';

/**
 * The score: detection, timeliness and recovery are the weighted shares of expectations that fired, fired before
 * their deadline, and were gone in time; silence is the precision of what fired (fired and expected, over all that
 * fired), as the SRE workbook defines it (chapter 5, "Alerting on SLOs"). A part that does not apply, such as the
 * detection of a scenario that expects nothing, is left out and the rest is scaled to 100.
 */
export function scoreOf(
  expectations: readonly JudgedExpectation[],
  unexpected: readonly Unexpected[],
  resolving: readonly boolean[],
): { score: number; parts: ScorePart[] } {
  const share = (
    name: keyof typeof WORTH,
    good: (one: JudgedExpectation) => boolean,
    among = expectations,
  ) => {
    const all = among.reduce((sum, { weight }) => sum + weight, 0);
    const won = among.filter(good).reduce((sum, { weight }) => sum + weight, 0);
    return all === 0 ? undefined : { name, ratio: won / all, how: `${won} of ${all} by weight` };
  };
  const wanted = expectations.filter(detected).length;
  const fired = wanted + unexpected.length;
  const ratios = [
    share('detection', detected),
    share('timeliness', punctual),
    {
      name: 'silence' as const,
      ratio: fired === 0 ? 1 : wanted / fired,
      how: fired === 0 ? 'nothing fired' : `${wanted} expected of ${fired} that fired`,
    },
    share(
      'recovery',
      recovered,
      expectations.filter((_, i) => resolving[i]),
    ),
  ].filter((part) => part !== undefined);

  const worth = ratios.reduce((sum, { name }) => sum + WORTH[name], 0);
  const parts = ratios.map(({ name, ratio, how }) => {
    const of = round((WORTH[name] * 100) / worth);
    return { name, of, points: round(of * ratio), how: `${of} × ${how}` };
  });
  return { score: round(parts.reduce((sum, { points }) => sum + points, 0)), parts };
}

/** To one decimal, as it is shown. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}
