import { alertName } from '../../core/labels.ts';
import { endOf, planExpectations } from '../plan.ts';
import { inhibitedBy, labelsOf } from '../routing.ts';
import { expected, type Finder, placeOf } from './finding.ts';

/** An expected alert that Alertmanager holds back because of another one that is expected to fire beside it. */
export const inhibited: Finder = (subject) => {
  const { scenario, rules, cadence, world } = subject;
  const { alertmanager } = world;
  if (!alertmanager || alertmanager.inhibits.length === 0) return [];
  const all = expected(subject).map(({ expectation, rule, step }) => ({
    expectation,
    rule,
    step,
    labels: labelsOf(rule, expectation, rules.recordings, world),
    // Alone in its scenario, so that its window is found whatever else is expected of the same alert.
    window: planExpectations({ ...scenario, expect: [expectation] }, rules, cadence)[0]!,
  }));
  return all.flatMap((target) => {
    for (const source of all) {
      const together =
        source.window.earliestMs <= target.window.deadlineMs &&
        endOf(source.step) >= target.window.earliestMs;
      const by = source !== target && together && inhibitedBy(source.labels, target.labels, alertmanager);
      if (!by) continue;
      const { expectation, rule, step } = target;
      const name = (one: typeof source) => alertName(one.rule.name, one.expectation.labels);
      return [
        {
          kind: 'inhibited',
          alert: rule.name,
          step: step.id,
          ...placeOf(rule, expectation),
          message: `${name(target)} can never be notified: while ${name(source)} fires, which the step ${source.step.id} should raise, ${alertmanager.file}:${by.line} holds it back`,
          change: `narrow the inhibit rule of ${alertmanager.file}:${by.line}, or do not expect ${rule.name} beside it`,
        },
      ];
    }
    return [];
  });
};
