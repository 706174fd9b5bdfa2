import { findFault, touchedBy } from '../../faults/index.ts';
import { type Selector, satisfies } from '../../rules/expression.ts';
import type { ScrapeConfig } from '../../rules/prometheus-config.ts';
import type { FaultStep } from '../../scenario/scenario.ts';
import { EXPORTERS, ownerOf, scrapedBy } from '../owners.ts';
import { appHosts, type World } from '../world.ts';
import type { Finder, Subject } from './finding.ts';
import { reads } from './reading.ts';

/** A fault in a service of which no rule reads any metric: whatever fires, fires at second hand. */
export const unseenIncident: Finder = (subject) =>
  subject.scenario.timeline.flatMap((step) => {
    const fault = step.kind === 'fault' ? findFault(step.type) : undefined;
    if (step.kind !== 'fault' || !fault) return [];
    const services = touchedBy(fault, step.fields);
    const selectors = subject.rules.alerts.flatMap((alert) =>
      reads(alert, subject.rules.recordings).map(({ selector }) => selector),
    );
    const blind = services.every((service) =>
      selectors.every((selector) => shows(selector, service, subject.world) === false),
    );
    return blind ? [findingOf(step, services, subject)] : [];
  });

/** Whether a selector reads something of a service; undefined where nobody can tell. */
function shows({ metric, matchers }: Selector, service: string, world: World): boolean | undefined {
  const { scrape } = world;
  const exporter = EXPORTERS.find((one) => one.service === service);
  if (metric === undefined) return undefined;
  const owner = ownerOf(metric);
  if (owner === 'prometheus') {
    if (service === 'the host') return false;
    // Neither speaks Prometheus: it is their exporters that are scraped, and those stay up.
    if (!scrape) return exporter ? false : undefined;
    const jobs = scrape.jobs.filter(
      ({ name, probes }) =>
        !probes && matchers.every((one) => one.label !== 'job' || satisfies(name, one) !== false),
    );
    return jobs.some(({ targets, discovers }) => discovers || targets.some(({ host }) => host === service));
  }
  if (owner === 'app') {
    const hosts = appHosts(world);
    if (exporter) return false;
    return hosts ? hosts.includes(service) : undefined;
  }
  // A process of the exporter's, never of what it looks at.
  if (exporter && /^(go|process|python|promhttp)_/.test(metric)) return false;
  if (owner === 'anybody' || owner === 'recording') return undefined;
  if (owner.service !== undefined) return owner.service === service;
  return service === 'the host' ? false : scrape ? probesOf(service, scrape).length > 0 : undefined;
}

/** Jobs that ask a service from outside. */
function probesOf(service: string, { jobs }: ScrapeConfig) {
  return jobs.filter(
    (job) => job.probes && (job.discovers || job.targets.some(({ host }) => host === service)),
  );
}

function findingOf(step: FaultStep, services: readonly string[], { scenario, world }: Subject) {
  const { scrape } = world;
  const names = services.join(' or ');
  const [probe] = scrape ? services.flatMap((service) => probesOf(service, scrape)) : [];
  const exporter = EXPORTERS.find(({ service }) => service !== undefined && services.includes(service));
  const scraped = scrape?.jobs.find((job) => exporter !== undefined && scrapedBy(job) === exporter);
  const source = probe ?? scraped;
  const symptom = probe ? 'probe_success == 0' : (exporter?.symptom ?? 'up == 0');
  const where =
    source && scrape ? `, which ${scrape.file}:${source.line} (${source.name}) already collects` : '';
  const expectation = scenario.expect.find(({ because }) => because === step.id);
  return {
    kind: 'unseen-incident',
    ...(expectation ? { alert: expectation.alert } : {}),
    step: step.id,
    ...step.at,
    message: `the step ${step.id} is an incident no rule sees: no rule reads a metric of ${names}${probe ? `, though ${probe.name} probes it` : ''}`,
    change: `add a rule on ${symptom}${where}`,
  };
}
