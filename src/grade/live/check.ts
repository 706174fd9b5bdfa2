import { type Answer, type Judged, judge, lost, type Place, whole } from '../check.ts';
import type { LiveCheckId } from '../messages/titles.ts';
import type { Submission } from '../submission.ts';
import type { SeenPrometheus, Sighting } from './sighting.ts';

/** A small question about a stack, which only its running can answer. */
export interface LiveCheck {
  id: LiveCheckId;
  look(submission: Submission, sighting: Sighting): Answer;
}

type Look = (submission: Submission, sighting: Sighting) => readonly Judged[];

/** A check of a stack that runs; where none does, it is lost as a whole. */
export function liveCheck(id: LiveCheckId, look: Look): LiveCheck {
  return {
    id,
    look: (submission, sighting) =>
      judge(isAbsent(sighting) ? [notRunning(submission)] : look(submission, sighting)),
  };
}

/** One that is won as a whole or not at all. */
export function wholeLiveCheck(id: LiveCheckId, look: Look): LiveCheck {
  const check = liveCheck(id, look);
  return { id, look: (submission, sighting) => whole(check.look(submission, sighting)) };
}

/** A check of what a stack's Prometheus says. */
export function withPrometheus(
  look: (prometheus: SeenPrometheus, running: Submission, sighting: Sighting) => readonly Judged[],
): Look {
  return (submission, sighting) => {
    const { prometheus } = sighting;
    return typeof prometheus === 'string'
      ? [lost('prometheus-silent', { why: prometheus }, scrapePlace(submission))]
      : look(prometheus, running(submission, prometheus), sighting);
  };
}

/** Nothing of it was ever started, and no server was named. */
function isAbsent({ project, prometheus }: Sighting): boolean {
  return project === undefined && typeof prometheus === 'string';
}

function notRunning(submission: Submission): Judged {
  return lost('not-running', {}, composePlace(submission));
}

/** A submission with the rules that its Prometheus runs, each with its place in the files where it has one. */
function running(submission: Submission, { rules }: SeenPrometheus): Submission {
  const written = submission.rules;
  const alerts = rules.alerts.map((rule) => {
    const { file, line } = written.alerts.find(({ name }) => name === rule.name) ?? {};
    return { ...rule, file: file ?? placeless(rule.file), line: line ?? 1 };
  });
  const recordings = rules.recordings.map((rule) => {
    const { file, line } = written.recordings.find(({ record }) => record === rule.record) ?? {};
    return { ...rule, file: file ?? placeless(rule.file), line: line ?? 1 };
  });
  return { ...submission, rules: { ...written, alerts, recordings } };
}

/** A file that only its Prometheus knows: by its name alone, as it lies in a container. */
function placeless(file = 'rules.yml'): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

export function composePlace({ compose }: Submission): Place {
  return { file: compose?.file ?? 'docker-compose.yml', line: 1 };
}

export function scrapePlace({ scrape }: Submission): Place {
  return { file: scrape?.file ?? 'prometheus/prometheus.yml', line: 1 };
}
