import { type Judged, lost, type Place, won } from '../../check.ts';
import { NO_SCRAPE, wantedJobs } from '../../criteria/metrics.ts';
import { APP_METRICS } from '../../seed.ts';
import type { Submission } from '../../submission.ts';
import { type LiveCheck, liveCheck, scrapePlace, withPrometheus } from '../check.ts';
import { SIGNS, samplesOf } from '../look.ts';
import type { SeenPrometheus } from '../sighting.ts';

/** Does what there is to see arrive? */
export const metricsLive: readonly LiveCheck[] = [
  liveCheck('metrics.up', withPrometheus(targets)),
  liveCheck('metrics.present', withPrometheus(present)),
];

function targets({ targets: all }: SeenPrometheus, submission: Submission): Judged[] {
  const { scrape } = submission;
  const judged = all.map(({ job, instance, up, why }) => {
    const at = { ...scrapePlace(submission), line: scrape?.jobs.find(({ name }) => name === job)?.line ?? 1 };
    return up ? won(`${job} ${instance}: UP`, at) : lost('target-down', { job, instance, why }, at);
  });
  // What nobody scrapes is not UP either.
  const missing = scrape
    ? wantedJobs(scrape).filter((one) => 'lost' in one)
    : [lost('no-prometheus', {}, NO_SCRAPE)];
  return [...judged, ...missing];
}

function present({ answers }: SeenPrometheus, submission: Submission): Judged[] {
  const valuesOf = (expr: string): number[] => {
    const answer = answers.get(expr);
    return answer && 'values' in answer ? answer.values : [];
  };
  const at: Place = scrapePlace(submission);
  const app = [
    ...APP_METRICS.map((one) => ({ metric: one.metric as string, samples: samplesOf(one) })),
    HOST,
  ];
  return [
    ...app.map(({ metric, samples }) => {
      const [count = 0] = valuesOf(`count(${samples})`);
      return count > 0 ? won(`${metric}: ${count}`) : lost('absent-metric', { metric }, at);
    }),
    ...SIGNS.map(({ sign, of }) => {
      const [value] = valuesOf(`min(${sign})`);
      if (value === 1) return won(`${sign}: 1`);
      return lost('blind-exporter', { sign, of, value: value === undefined ? '-' : String(value) }, at);
    }),
  ];
}

const HOST = { metric: 'node_cpu_seconds_total', samples: 'node_cpu_seconds_total' };
