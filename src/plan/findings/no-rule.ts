import { meant } from '../../core/suggest.ts';
import type { Finder } from './finding.ts';

/** An expected alert that no rule raises. */
export const noRule: Finder = ({ scenario, rules }) => {
  const names = rules.alerts.map(({ name }) => name);
  return scenario.expect
    .filter(({ alert }) => !names.includes(alert))
    .map(({ alert, because, at }) => {
      const near = meant(alert, names);
      return {
        kind: 'no-rule',
        alert,
        step: because,
        ...at,
        message: `${alert} can never fire: no rule has that name`,
        change: near ? `expect ${near}, if that was meant` : `add a rule ${alert}`,
      };
    });
};
