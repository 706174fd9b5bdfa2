import { scrapedBy } from '../../plan/owners.ts';
import type { ScrapeConfig, ScrapeJob } from '../../rules/prometheus-config.ts';
import { type Criterion, check, type Judged, lost, type Place, won } from '../check.ts';
import { appMetrics } from '../known.ts';
import type { Compose } from '../read/compose.ts';
import { APP_METRICS, JOBS } from '../seed.ts';
import type { Submission } from '../submission.ts';
import { serviceOf } from './stack.ts';

/** Is what there is to see collected, and is it what it seems? */
export const metrics: Criterion = {
  id: 'metrics',
  checks: [
    check('metrics.scrape', scrapeFile),
    check('metrics.jobs', withScrape(wantedJobs)),
    check(
      'metrics.targets',
      withScrape((scrape, submission) => scrape.jobs.flatMap((job) => targetsOf(job, scrape, submission))),
    ),
    check('metrics.application', application),
    check('metrics.cardinality', cardinality),
    check('metrics.uncounted', uncounted),
    check('metrics.host', host),
    check('metrics.probes', withScrape(probes)),
  ],
};

export const NO_SCRAPE: Place = { file: 'prometheus/prometheus.yml', line: 1 };
const NO_APP: Place = { file: 'app/app.py', line: 1 };

function withScrape(look: (scrape: ScrapeConfig, submission: Submission) => readonly Judged[]) {
  return (submission: Submission): readonly Judged[] =>
    submission.scrape ? look(submission.scrape, submission) : [lost('no-prometheus', {}, NO_SCRAPE)];
}

function scrapeFile({ scrape, wiring, problems, files }: Submission): Judged[] {
  if (!scrape) {
    const [broken] = problems.filter(({ file }) =>
      files.some(({ role, path }) => role === 'prometheus' && path === file),
    );
    return [
      broken ? lost('broken-file', { why: broken.message }, broken) : lost('no-prometheus', {}, NO_SCRAPE),
    ];
  }
  const at = { file: scrape.file, line: 1 };
  return [
    won(`jobs: ${scrape.jobs.length}`, at),
    wiring?.scrapeSet ? won('scrape_interval', at) : lost('default-interval', {}, at),
  ];
}

export function wantedJobs(scrape: ScrapeConfig): Judged[] {
  const of = (name: string, target: string, found: ScrapeJob | undefined) =>
    found
      ? won(found.name, { file: scrape.file, line: found.line })
      : lost('no-job', { job: name, target }, { file: scrape.file, line: 1 });
  const app = scrape.jobs.find((job) => scrapedBy(job) === undefined);
  const itself = scrape.jobs.find(
    ({ name, targets }) => /^prometheus/.test(name) || targets.some(({ port }) => port === 9090),
  );
  return [
    of('prometheus', 'localhost:9090', itself),
    of('api', 'api:5000', app),
    ...JOBS.map(({ job, exporter, target }) =>
      of(
        job,
        target,
        scrape.jobs.find((one) => owner(one)?.name === exporter),
      ),
    ),
  ];
}

function owner(job: ScrapeJob) {
  const found = scrapedBy(job);
  return found === 'monitoring' ? undefined : found;
}

function targetsOf(job: ScrapeJob, { file }: ScrapeConfig, { compose }: Submission): Judged[] {
  const at = { file, line: job.line };
  if (job.discovers) return [won(job.name, at)];
  if (job.targets.length === 0) return [lost('no-targets', { job: job.name }, at)];
  return job.targets.map(({ address, host: asked, port }) => {
    if (compose && !isThere(asked, compose))
      return lost('unknown-target', { job: job.name, host: asked }, at);
    const exporter = job.probes ? undefined : owner(job);
    const moved = exporter && compose && /listen-address/.test(commandOf(asked, compose));
    if (exporter && port !== exporter.port && !moved)
      return lost('wrong-port', { job: job.name, port: port ?? 80, wanted: exporter.port }, at);
    return won(`${job.name}: ${address}`, at);
  });
}

/** Whether a name leads to a service, or to the one that asks. */
export function isThere(host: string, { services }: Compose): boolean {
  if (/^(localhost|127\.|\[?::1|host\.docker\.internal)/.test(host) || host.includes('$')) return true;
  return services.some(({ name, containerName }) => name === host || containerName === host);
}

function commandOf(host: string, { services }: Compose): string {
  return services.find(({ name }) => name === host)?.command ?? '';
}

function application(submission: Submission): Judged[] {
  const all = appMetrics(submission);
  return APP_METRICS.map(({ metric, labels }) => {
    const found = all.find(({ name }) => name === metric);
    const written = labels.length > 0 ? `{${labels.join(',')}}` : '';
    const [first] = submission.programs.filter((one) => one.metrics.length > 0);
    if (all.length === 0) return lost('no-app', {}, NO_APP);
    if (!found)
      return lost(
        'no-app-metric',
        { metric, labels: written },
        { file: first?.file ?? all[0]!.file, line: 1 },
      );
    const lacking = labels.filter((label) => found.labels && !found.labels.includes(label));
    return lacking.length > 0
      ? lost('lacks-labels', { metric, labels: lacking.join(', ') }, found)
      : won(`${metric}${written}`, found);
  });
}

/** Programs that count requests. */
const counting = ({ programs }: Submission) => programs.filter((one) => one.metrics.length > 0);

function cardinality(submission: Submission): Judged[] {
  const programs = counting(submission);
  if (programs.length === 0) return [lost('no-app', {}, NO_APP)];
  return programs.map(({ file, rawPaths: [line] }) =>
    line === undefined ? won(file) : lost('raw-path', {}, { file, line }),
  );
}

function uncounted(submission: Submission): Judged[] {
  const programs = counting(submission);
  if (programs.length === 0) return [lost('no-app', {}, NO_APP)];
  return programs.map(({ file, counts, namesMetrics }) =>
    counts === undefined || namesMetrics ? won(file) : lost('counts-itself', {}, { file, line: counts }),
  );
}

/** What node-exporter is told of the machine around its container. */
function host({ compose }: Submission): Judged[] {
  const exporter = compose && serviceOf(compose, 'node-exporter');
  const at = { file: compose?.file ?? 'docker-compose.yml', line: exporter?.line ?? 1 };
  if (!exporter) return [lost('no-service', { service: 'node-exporter' }, at)];
  const option = '--path.rootfs';
  return [exporter.command.includes(option) ? won(option, at) : lost('no-rootfs', { option }, at)];
}

function probes(scrape: ScrapeConfig, { wiring, blackbox }: Submission): Judged[] {
  const job = scrape.jobs.find((one) => one.probes);
  const at = { file: scrape.file, line: job?.line ?? 1 };
  const [module] = wiring?.modules ?? [];
  const name = module?.value ?? 'http_2xx';
  const defined = blackbox?.modules.includes(name);
  const probed = (what: string, quoi: string, url: string, fits: RegExp) => {
    const target = job?.targets.find((one) => fits.test(one.host));
    return target ? won(target.address, at) : lost('unprobed', { what, quoi, url }, at);
  };
  return [
    defined
      ? won(`module ${name}`, { file: blackbox!.file, line: 1 })
      : lost('no-blackbox', { module: name }, module ? { file: scrape.file, line: module.line } : at),
    probed('nginx', 'nginx', 'http://nginx:80/health', /nginx|frontend|web|proxy/),
    probed('the API', 'l’API', 'http://api:5000/health', /api|app|backend|flask/),
  ];
}
