import { type Judged, lost, won } from '../../check.ts';
import { serviceOf } from '../../criteria/stack.ts';
import { SERVICES } from '../../seed.ts';
import { serviceAmong } from '../../services.ts';
import type { Submission } from '../../submission.ts';
import { composePlace, type LiveCheck, liveCheck } from '../check.ts';
import type { Sighting } from '../sighting.ts';

/** Does what was deployed run, and serve? */
export const stackLive: readonly LiveCheck[] = [
  liveCheck('stack.running', running),
  liveCheck('stack.healthy', healthy),
  liveCheck('stack.serves', serves),
];

function running(submission: Submission, { containers }: Sighting): Judged[] {
  return SERVICES.flatMap(({ name }) => {
    const written = submission.compose && serviceOf(submission.compose, name);
    const at = { ...composePlace(submission), line: written?.line ?? 1 };
    const found = serviceAmong(containers, name, ({ service, image }) => ({ name: service, image }));
    if (found?.running) return [won(found.service, at)];
    if (found) return [lost('stopped-service', { service: found.service }, at)];
    // Nobody asked for it to be started.
    return written && written.profiles.length > 0 ? [] : [lost('unstarted-service', { service: name }, at)];
  });
}

function healthy(submission: Submission, { containers }: Sighting): Judged[] {
  const checked = containers.filter(({ running, health }) => running && health !== undefined);
  if (checked.length === 0) return [lost('no-health-check', { service: 'api' }, composePlace(submission))];
  return checked.map(({ service, health }) => {
    const written = submission.compose?.services.find(({ name }) => name === service);
    const at = { ...composePlace(submission), line: written?.line ?? 1 };
    return health === 'unhealthy' ? lost('unhealthy', { service }, at) : won(`${service}: ${health}`, at);
  });
}

function serves(submission: Submission, { pages }: Sighting): Judged[] {
  const nginx = submission.compose && serviceOf(submission.compose, 'nginx');
  const at = { ...composePlace(submission), line: nginx?.line ?? 1 };
  const judged = pages.map(({ path, answer }) =>
    answer === 200 ? won(`GET ${path}: 200`) : lost('page-fails', { path, answer: String(answer) }, at),
  );
  return judged.length > 0 ? judged : [lost('page-fails', { path: '/', answer: '-' }, at)];
}
