import { familyOf } from '../../rules/exposition.ts';
import { lookUp } from '../world.ts';
import { type Finder, placeOf } from './finding.ts';
import { reads } from './reading.ts';

/** An alert over a bucket that its histogram does not have: its expression is empty for ever. */
export const missingBucket: Finder = ({ scenario, rules, world }) =>
  rules.alerts.flatMap((alert) => {
    const expectation = scenario.expect.find((one) => one.alert === alert.name);
    return reads(alert, rules.recordings).flatMap(({ selector, rule, needed }) => {
      const { metric, matchers, from } = selector;
      const wanted = matchers.find(({ label, op }) => label === 'le' && op === '=')?.value;
      const sight =
        needed && metric !== undefined && wanted !== undefined ? lookUp(metric, world) : undefined;
      if (sight?.known !== 'present') return [];
      const bounds = [...new Set(sight.series.flatMap(({ le }) => (le === undefined ? [] : [le])))];
      // By number: how a bound is written, 1 or 1.0, differs between Prometheus 2 and 3.
      if (bounds.length === 0 || bounds.some((bound) => asNumber(bound) === asNumber(wanted!))) return [];
      const histogram = world.app ? familyOf(metric!, world.app) : metric!.replace(/_bucket$/, '');
      const sorted = bounds.sort((a, b) => asNumber(a) - asNumber(b)).join(', ');
      return [
        {
          kind: 'missing-bucket',
          alert: alert.name,
          ...placeOf(rule, expectation, from),
          message: `${alert.name} can never fire: ${histogram} has no bucket le="${wanted}", only ${sorted} (${sight.where})`,
          change: `add the bucket ${wanted} to ${histogram}, or read le="${nearest(bounds, asNumber(wanted!))}"`,
        },
      ];
    });
  });

function asNumber(bound: string): number {
  return bound === '+Inf' ? Number.POSITIVE_INFINITY : Number(bound);
}

function nearest(bounds: readonly string[], wanted: number): string {
  return bounds.reduce((best, one) =>
    Math.abs(asNumber(one) - wanted) < Math.abs(asNumber(best) - wanted) ? one : best,
  );
}
