import { findFault } from '../../faults/index.ts';
import { EXPORTERS, ownerOf, scrapedBy } from '../owners.ts';
import { appHosts, type World } from '../world.ts';
import { expected, type Finder, placeOf } from './finding.ts';
import { functionsOf, reads } from './reading.ts';

/** Functions that give a value where there is no series, or that see a target come back. */
const SPEAKS_OF_ABSENCE =
  /^(absent|absent_over_time|vector|changes|resets|time|timestamp|count_over_time|present_over_time)$/;

/**
 * An alert over series of the very target that a fault silences: while it lasts they are empty and not zero, so that
 * a total outage is the one thing the alert cannot see.
 */
export const emptyInOutage: Finder = (subject) =>
  expected(subject).flatMap(({ expectation, rule, step }) => {
    const { rules, world } = subject;
    const fault = step.kind === 'fault' ? findFault(step.type) : undefined;
    if (step.kind !== 'fault' || !fault?.silences) return [];
    const targets = fault.targets(step.fields);
    const metrics = reads(rule, rules.recordings).map(({ selector }) => selector.metric);
    const silent = metrics.every((metric) => metric !== undefined && isExposedBy(metric, targets, world));
    if (metrics.length === 0 || !silent) return [];
    if (functionsOf(rule, rules.recordings).some((name) => SPEAKS_OF_ABSENCE.test(name))) return [];
    const [metric] = metrics as [string];
    return [
      {
        kind: 'empty-in-outage',
        alert: rule.name,
        step: step.id,
        ...placeOf(rule, expectation, 0),
        message: `${rule.name} cannot see the step ${step.id}: it reads only what ${targets.join(', ')} exposes (${metric}), and that is empty, not zero, while nothing answers`,
        change: `count what asks from outside too (… or avg_over_time(probe_success[5m])), or expect an alert on up == 0`,
      },
    ];
  });

/** Whether a metric comes from one of the targets alone. */
function isExposedBy(metric: string, targets: readonly string[], world: World): boolean {
  const owner = ownerOf(metric);
  if (owner === 'app') return sameHosts(appHosts(world), targets);
  const exporter = EXPORTERS.find((one) => one === owner);
  if (!exporter || !world.scrape) return false;
  const jobs = world.scrape.jobs.filter((job) => scrapedBy(job) === exporter);
  // A probe is answered by its exporter, whatever became of what it asks.
  return (
    jobs.length > 0 &&
    jobs.every(
      (job) =>
        !job.probes &&
        sameHosts(
          job.targets.map(({ host }) => host),
          targets,
        ),
    )
  );
}

function sameHosts(hosts: readonly string[] | undefined, targets: readonly string[]): boolean {
  return !!hosts && hosts.length > 0 && hosts.every((host) => targets.includes(host));
}
