import * as z from 'zod';
import { parseDuration } from '../core/duration.ts';
import type { Problem } from '../core/errors.ts';
import type { Labels } from '../core/labels.ts';
import type { Cadence } from './rule.ts';
import { type Config, parseConfig, readConfigFile } from './yaml-source.ts';

/** One job of prometheus.yml. */
export interface ScrapeJob {
  name: string;
  line: number;
  column: number;
  /** As they are written, `api:5000` or `http://nginx:80/health`, with the `instance` that Prometheus gives them. */
  targets: { address: string; host: string; port: number | undefined; instance: string | undefined }[];
  /** Whether targets are found by anything but this file (`file_sd_configs` and its like). */
  discovers: boolean;
  /** Asks an exporter about its targets, as the blackbox exporter's jobs do. */
  probes: boolean;
  /** Labels that it gives to every series of its own accord, beside `job` and `instance`. */
  adds: string[];
  /** Whether metrics are renamed or dropped as they arrive, so that an exposition no longer tells what is stored. */
  rewrites: boolean;
}

/** What is known from a prometheus.yml. Durations are milliseconds as the file states them. */
export interface ScrapeConfig {
  file: string;
  jobs: ScrapeJob[];
  externalLabels: Labels;
  cadence: Cadence;
}

const text = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const texts = z.record(z.string(), text).nullish();
const duration = z
  .string()
  .refine((given) => (parseDuration(given) ?? 0) > 0, 'is no duration; write it like 15s')
  .transform((given) => parseDuration(given)!)
  .optional();
const relabel = z.looseObject({
  source_labels: z.array(z.string()).nullish(),
  target_label: z.string().nullish(),
  action: z.string().nullish(),
});
const job = z.looseObject({
  job_name: z.string(),
  metrics_path: z.string().nullish(),
  static_configs: z.array(z.looseObject({ targets: z.array(z.string()).nullish(), labels: texts })).nullish(),
  relabel_configs: z.array(relabel).nullish(),
  metric_relabel_configs: z.array(z.unknown()).nullish(),
});
const schema = z.looseObject({
  global: z
    .looseObject({
      scrape_interval: duration,
      scrape_timeout: duration,
      evaluation_interval: duration,
      external_labels: texts,
    })
    .nullish(),
  scrape_configs: z.array(job).nullish(),
});
type Job = z.output<typeof job>;
const KIND = { called: 'a prometheus.yml', begins: 'global:' };

/** What Prometheus takes where nothing is said. Milliseconds. */
const DEFAULT_MS = { interval: 60_000, timeout: 10_000 };

/** The cadence of a Prometheus of which no configuration is known. */
export const DEFAULT_CADENCE: Cadence = {
  scrapeMs: DEFAULT_MS.interval,
  scrapeTimeoutMs: DEFAULT_MS.timeout,
  evaluationMs: DEFAULT_MS.interval,
};

/** Reads a prometheus.yml, as far as a plan needs it. */
export function readPrometheusConfig(file: string) {
  return scrapeConfigOf(readConfigFile(file, schema, KIND), file);
}

/** The same of a text, as a live Prometheus gives it. */
export function parsePrometheusConfig(text: string, file: string) {
  return scrapeConfigOf(parseConfig(text, file, schema, KIND), file);
}

function scrapeConfigOf(
  { value, problems, placeOf }: Config<z.output<typeof schema>>,
  file: string,
): { config?: ScrapeConfig; problems: Problem[] } {
  if (!value) return { problems };
  const scrapeMs = value.global?.scrape_interval ?? DEFAULT_MS.interval;
  const jobs = (value.scrape_configs ?? []).map((one, i) => ({
    ...placeOf(['scrape_configs', i, 'job_name']),
    ...jobOf(one),
  }));
  const config: ScrapeConfig = {
    file,
    jobs,
    externalLabels: value.global?.external_labels ?? {},
    cadence: {
      scrapeMs,
      scrapeTimeoutMs: value.global?.scrape_timeout ?? Math.min(DEFAULT_MS.timeout, scrapeMs),
      evaluationMs: value.global?.evaluation_interval ?? DEFAULT_MS.interval,
    },
  };
  return { config, problems };
}

function jobOf(job: Job): Omit<ScrapeJob, 'line' | 'column'> {
  const relabels = job.relabel_configs ?? [];
  const asked = relabels.some(
    ({ target_label: to, source_labels: from }) => to === '__param_target' && from?.includes('__address__'),
  );
  const moves = relabels.filter(
    ({ target_label: to, source_labels: from }) =>
      to === 'instance' && !(asked && from?.every((label) => /^__(param_target|address__)$/.test(label))),
  );
  // Anything but the default action may drop a target or map labels of which nothing is known.
  const opaque = relabels.some(({ action }) => action && action !== 'replace');
  const targets = (job.static_configs ?? []).flatMap(({ targets, labels }) =>
    (targets ?? []).map((address) => ({
      address,
      ...hostOf(address),
      instance: moves.length > 0 || opaque ? undefined : (labels?.instance ?? address),
    })),
  );
  return {
    name: job.job_name,
    targets,
    discovers: Object.keys(job).some((key) => /_sd_configs$/.test(key)) || opaque,
    probes: asked || job.metrics_path === '/probe',
    adds: [
      ...(job.static_configs ?? []).flatMap(({ labels }) => Object.keys(labels ?? {})),
      ...relabels.flatMap(({ target_label: to }) => (to && !to.startsWith('__') ? [to] : [])),
    ],
    rewrites: (job.metric_relabel_configs ?? []).length > 0,
  };
}

function hostOf(address: string): { host: string; port: number | undefined } {
  try {
    const { hostname, port } = new URL(/^\w+:\/\//.test(address) ? address : `http://${address}`);
    return { host: hostname, port: port ? Number(port) : undefined };
  } catch {
    return { host: address, port: undefined };
  }
}
