import { lookUp } from '../world.ts';
import { type Finder, placeOf } from './finding.ts';
import { reads } from './reading.ts';

/** An alert over a metric that nothing exposes: its expression is empty for ever. */
export const unknownMetric: Finder = ({ scenario, rules, world }) =>
  rules.alerts.flatMap((alert) => {
    const expectation = scenario.expect.find((one) => one.alert === alert.name);
    return reads(alert, rules.recordings).flatMap(({ selector, rule, needed }) => {
      const sight = needed && selector.metric !== undefined ? lookUp(selector.metric, world) : undefined;
      if (sight?.known !== 'absent') return [];
      return [
        {
          kind: 'unknown-metric',
          alert: alert.name,
          ...placeOf(rule, expectation, selector.from),
          message: `${alert.name} can never fire: it reads ${selector.metric}, and ${sight.why}`,
          change: sight.change,
        },
      ];
    });
  });
