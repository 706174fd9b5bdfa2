import { peakOf } from '../../load/stages.ts';
import { endOf } from '../plan.ts';
import { expected, type Finder, placeOf } from './finding.ts';
import { BESIDE, inFlightRule, mostInFlight } from './in-flight.ts';

/**
 * A load that cannot bring as many requests in flight as the rule asks for. Beside a fault nothing is said: requests
 * that time out leave work behind, so that more can be in flight than there are connections.
 */
export const loadTooSmall: Finder = (subject) =>
  expected(subject).flatMap(({ expectation, rule, step }) => {
    const { scenario, rules, world } = subject;
    if (step.kind !== 'load') return [];
    const faulty = scenario.timeline.some(
      (one) => one.kind === 'fault' && one.atMs < endOf(step) && endOf(one) > step.atMs,
    );
    const wanted = inFlightRule(rule, rules.recordings, world);
    const most = mostInFlight(scenario, step);
    if (!wanted || faulty || most >= wanted.needed) return [];
    // What may be counted beside the load is an upper bound: the load must do without it.
    const missing = wanted.needed - most;
    const [what, key] =
      step.load.model === 'closed' ? ['connections', 'to:'] : ['in flight', 'max_in_flight:'];
    const given = step.load.model === 'closed' ? peakOf(step.load.stages) : step.load.maxInFlight;
    return [
      {
        kind: 'load-too-small',
        alert: rule.name,
        step: step.id,
        ...placeOf(rule, expectation, 0),
        message: `${rule.name} wants at least ${wanted.needed} requests in flight, and the step ${step.id} with what runs beside it can have at most ${most} (${wanted.how})`,
        change: `raise ${key} of ${step.id} from ${given} to at least ${given + missing + BESIDE} ${what}`,
      },
    ];
  });
