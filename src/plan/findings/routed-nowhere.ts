import { labelsOf, routesOf } from '../routing.ts';
import { expected, type Finder, placeOf } from './finding.ts';

/** An expected alert that Alertmanager hands to receivers without any integration. */
export const routedNowhere: Finder = (subject) =>
  expected(subject).flatMap(({ expectation, rule, step }) => {
    const { rules, world } = subject;
    const { alertmanager } = world;
    const routes =
      alertmanager && routesOf(alertmanager.route, labelsOf(rule, expectation, rules.recordings, world));
    if (!alertmanager || !routes || routes.some(({ receiver }) => alertmanager.reaching.has(receiver)))
      return [];
    const [{ receiver, line }] = routes as [(typeof routes)[number]];
    return [
      {
        kind: 'routed-nowhere',
        alert: rule.name,
        step: step.id,
        ...placeOf(rule, expectation),
        message: `${rule.name} can never be notified: ${alertmanager.file}:${line} routes it to ${receiver || 'no receiver'}, which has no integration`,
        change: `give ${receiver || 'that route a receiver with'} ${receiver ? 'a webhook_configs or another integration' : 'an integration'}, or route ${rule.name} elsewhere`,
      },
    ];
  });
