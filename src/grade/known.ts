import { EXPORTERS, ownerOf, scrapedBy } from '../plan/owners.ts';
import { familyOf } from '../rules/exposition.ts';
import type { Place } from './check.ts';
import type { Submission } from './submission.ts';

/** A metric of the application, by what its program or its exposition shows. Undefined is not known. */
export interface AppMetric extends Place {
  name: string;
  type: string;
  labels: string[] | undefined;
  buckets: number[] | undefined;
}

const made = new WeakMap<Submission, AppMetric[]>();

/** What the application exposes: by its program where that declares metrics, else by the text of its /metrics. */
export function appMetrics(submission: Submission): AppMetric[] {
  const known = made.get(submission) ?? [...fromPrograms(submission), ...fromExposition(submission)];
  made.set(submission, known);
  return known;
}

function fromPrograms({ programs }: Submission): AppMetric[] {
  return programs
    .flatMap(({ metrics }) => metrics)
    .map((one) => ({
      ...one,
      // As prometheus_client names them.
      name: one.type === 'counter' && !one.name.endsWith('_total') ? `${one.name}_total` : one.name,
    }));
}

function fromExposition({ programs, exposition }: Submission): AppMetric[] {
  // A program is what runs next; an exposition may be from before it was changed.
  if (!exposition || programs.some(({ metrics }) => metrics.length > 0)) return [];
  return [...exposition.types].map(([name, type]) => {
    const samples = [...exposition.samples].flatMap(([sample, all]) =>
      familyOf(sample, exposition) === name ? all : [],
    );
    const labels = new Set(samples.flatMap((one) => Object.keys(one.labels)));
    const bounds = new Set(samples.flatMap((one) => one.labels.le ?? []));
    labels.delete('le');
    return {
      name: type === 'counter' && !name.endsWith('_total') ? `${name}_total` : name,
      type,
      labels: samples.length > 0 ? [...labels] : undefined,
      buckets: bounds.size > 0 ? [...bounds].map(Number).filter(Number.isFinite) : undefined,
      file: exposition.file,
      line: 1,
    };
  });
}

/** The metric of the application that a name is a sample of. */
export function appMetricOf(name: string, submission: Submission): AppMetric | undefined {
  const all = appMetrics(submission);
  return (
    all.find((one) => one.name === name && !/histogram/.test(one.type)) ??
    all.find(
      ({ name: family, type }) =>
        /^(histogram|summary)$/.test(type) &&
        name.startsWith(family) &&
        (type === 'histogram' ? /^_(bucket|sum|count)$/ : /^_(sum|count)$/).test(name.slice(family.length)),
    )
  );
}

/** Whether anything in the submission exposes or records a metric. */
export function isKnown(metric: string, submission: Submission): boolean {
  const { rules, scrape, compose } = submission;
  if (rules.recordings.some(({ record }) => record === metric)) return true;
  const owner = ownerOf(metric);
  if (owner === 'prometheus' || owner === 'anybody') return true;
  if (owner === 'recording') return false;
  if (owner === 'app') return appMetricOf(metric, submission) !== undefined;
  // That a job or the exporter is missing costs its own points, and not once more in whatever reads its metrics.
  const exporter = EXPORTERS.find((one) => one === owner);
  return (
    scrape?.jobs.some((job) => scrapedBy(job) === exporter) === true ||
    compose?.services.some(({ name }) => /exporter/.test(name) && exporter?.word.test(name)) === true
  );
}
