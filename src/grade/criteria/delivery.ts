import type { Route } from '../../rules/alertmanager-config.ts';
import { type Judged, lost, won } from '../check.ts';
import type { Submission } from '../submission.ts';
import { isThere } from './metrics.ts';

/** Whether an alert that fires comes to somebody: from Prometheus to Alertmanager, and from there to a receiver. */
export function delivery({ alertmanager, wiring, scrape, compose, problems, files }: Submission): Judged[] {
  const at = { file: scrape?.file ?? 'prometheus/prometheus.yml', line: wiring?.alertmanagers[0]?.line ?? 1 };
  const hosts = (wiring?.alertmanagers ?? []).map(({ value }) => value.replace(/:\d+$/, ''));
  const unknown = compose && hosts.find((host) => !isThere(host, compose));
  const sent = unknown
    ? lost('unknown-alertmanager', { host: unknown }, at)
    : hosts.length > 0
      ? won(`alertmanagers: ${hosts.join(', ')}`, at)
      : lost('not-alerting', {}, at);
  if (!alertmanager) {
    const broken = problems.find(({ file }) =>
      files.some(({ role, path }) => role === 'alertmanager' && path === file),
    );
    const why = broken
      ? lost('broken-file', { why: broken.message }, broken)
      : lost('no-alertmanager', {}, { file: 'alertmanager/alertmanager.yml', line: 1 });
    return [sent, why];
  }
  const silent = everyRoute(alertmanager.route).find(({ receiver }) => !alertmanager.reaching.has(receiver));
  return [
    sent,
    silent
      ? lost(
          'no-receiver',
          { receiver: silent.receiver || '(none)' },
          { file: alertmanager.file, line: silent.line },
        )
      : won(`receivers: ${[...alertmanager.reaching].join(', ')}`, { file: alertmanager.file, line: 1 }),
  ];
}

function everyRoute(route: Route): Route[] {
  return [route, ...route.routes.flatMap(everyRoute)];
}
