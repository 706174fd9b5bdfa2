import type { Labels } from '../core/labels.ts';
import type { LiveSeries } from '../observe/survey.ts';
import type { AlertmanagerConfig } from '../rules/alertmanager-config.ts';
import { type Exposition, familyOf } from '../rules/exposition.ts';
import type { ScrapeConfig } from '../rules/prometheus-config.ts';
import { appJob, type Exporter, ownerOf, scrapedBy } from './owners.ts';

/** What is known of the system before anything is touched. What is absent is not known, and then nothing is said. */
export interface World {
  app?: Exposition;
  scrape?: ScrapeConfig;
  alertmanager?: AlertmanagerConfig;
  live?: LiveSeries;
}

/** What is known of one metric. */
export type Sight =
  | { known: 'present'; series: Labels[]; where: string }
  | { known: 'absent'; why: string; change: string };

/** Looks a metric up; undefined where nobody can tell. Recorded metrics are the caller's. */
export function lookUp(metric: string, world: World): Sight | undefined {
  const { live, app } = world;
  const owner = ownerOf(metric);
  if (owner === 'prometheus') return undefined;
  const where = live ? `Prometheus at ${live.url}` : '';
  const change = `read a metric that is there${live || !app ? '' : `: ${[...app.types.keys()].slice(0, 5).join(', ')}`}`;
  if (live?.series.get(metric)?.length) return { known: 'present', series: live.series.get(metric)!, where };
  if (live) {
    // Stored once is enough: what is gone now may come back.
    return live.metrics.has(metric)
      ? undefined
      : { known: 'absent', why: `${where} has never seen it`, change };
  }
  if (owner === 'anybody') return undefined;
  if (owner === 'recording') {
    return isSettled(world)
      ? { known: 'absent', why: 'no rule records it', change: 'add the recording rule' }
      : undefined;
  }
  if (owner !== 'app') return isUnscraped(owner, world) ? unscraped(owner, world.scrape!) : undefined;
  if (!app || world.scrape?.jobs.some(({ rewrites }) => rewrites) || !isSettled(world)) return undefined;
  const samples = app.samples.get(metric);
  if (samples) return { known: 'present', series: samples.map(({ labels }) => labels), where: app.file };
  return { known: 'absent', why: `${app.file} does not expose it`, change };
}

/** Whether every job is accounted for, so that what one target exposes tells what there is of the rest. */
function isSettled({ scrape }: World): boolean {
  return scrape === undefined || appJob(scrape) !== undefined;
}

function isUnscraped(exporter: Exporter, world: World): boolean {
  const { scrape } = world;
  // The one job that is left may be this exporter under another name, unless it is known to be the application.
  return (
    !!scrape && !!world.app && isSettled(world) && !scrape.jobs.some((job) => scrapedBy(job) === exporter)
  );
}

function unscraped({ name, port }: Exporter, { file }: ScrapeConfig): Sight {
  return {
    known: 'absent',
    why: `no job of ${file} scrapes a ${name}`,
    change: `add a job for the ${name} (port ${port}) to ${file}`,
  };
}

/** Labels that come with the scrape and are in no exposition; undefined where no configuration is known. */
export function scrapeLabels({ scrape }: World): Set<string> | undefined {
  return scrape && new Set(['job', 'instance', ...scrape.jobs.flatMap(({ adds }) => adds)]);
}

/** The services whose own exposition Prometheus scrapes as the application's; undefined where that is not known. */
export function appHosts({ scrape, app }: World): string[] | undefined {
  // Scenarios call services as the lab does, and there the application is the API.
  if (!scrape) return app && ['api'];
  const job = scrape && appJob(scrape);
  return job && job.targets.length > 0 ? job.targets.map(({ host }) => host) : undefined;
}

/** What is said of a metric where it is exposed: `a gauge, "Requests being worked on"`. */
export function describedAs(metric: string, { app }: World): { type?: string; help?: string } {
  if (!app) return {};
  const family = familyOf(metric, app);
  const type = app.types.get(family);
  const help = app.helps.get(family);
  return { ...(type ? { type } : {}), ...(help ? { help } : {}) };
}
