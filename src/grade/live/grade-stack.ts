import { existsSync } from 'node:fs';
import type { Clock } from '../../core/clock.ts';
import { baseUrl, type Lab } from '../../core/lab.ts';
import { connectEngine } from '../../docker/engine.ts';
import type { DockerHost } from '../../docker/host.ts';
import { listProjects } from '../../docker/projects.ts';
import { Alertmanager } from '../../observe/alertmanager.ts';
import { orNull } from '../../observe/http.ts';
import { Prometheus } from '../../observe/prometheus.ts';
import { saveLab } from '../../stack/lab-file.ts';
import { recoverLab, requireIdle } from '../../undo/recover.ts';
import { type Grade, grade } from '../grade.ts';
import type { Lang } from '../messages/words.ts';
import { withPromtool } from '../promtool.ts';
import type { Rubric } from '../rubric.ts';
import { readSubmission, type Submission, submissionOf } from '../submission.ts';
import { chooseProject, labOf, type StackNames } from './find-stack.ts';
import { filesOf } from './from-servers.ts';
import { see } from './see.ts';
import type { Sighting } from './sighting.ts';

/** With what a stack is graded. */
export interface Grading {
  /** The engine on which it runs, opened; whoever opened it closes it. */
  host: DockerHost;
  rubric: Rubric;
  lang: Lang;
  clock: Clock;
  signal: AbortSignal;
  /** Where the records of its incidents go. */
  reports: string;
  /** Our own version, for them. */
  version: string;
  /** Hears what is being done, a line each. */
  say: (line: string) => void;
}

/**
 * Grades a stack as it runs: its files, what it shows at rest, and the lab's incidents on it, each taken back. One that
 * nobody started has what its files prove.
 * @throws ChaosError `usage` or `not-ready` where it cannot be told which stack is meant, `interrupted`
 */
export async function gradeStack(names: StackNames, grading: Grading): Promise<Grade> {
  const { host, rubric, lang, clock, signal, say } = grading;
  const project = chooseProject(await listProjects(host.docker), names);
  if (!project && names.prometheus === undefined) {
    const submission = withPromtool(readSubmission(names.dir ?? '.'));
    return grade(submission, rubric, lang, NEVER_STARTED);
  }
  const lab = await atItsSpeed(await labOf(project, names, host));
  const submission = await handedIn(names, project?.workingDir, lab);
  say(
    `${project?.name ?? lab.project}: Prometheus at ${baseUrl(lab, 'PROMETHEUS_PORT')}, speed ${lab.speed}`,
  );
  const engine = connectEngine(lab.project, clock, host.docker, lab.foreign?.services);
  // What keeps us from acting at all is no fault of the stack's.
  await requireIdle(lab);
  await recoverLab({ lab, engine, clock }, say);
  return grade(
    submission,
    rubric,
    lang,
    await see(submission, { ...grading, lab, project, engine, clock, signal }),
  );
}

/** What is seen of a stack of which nothing was ever started. */
export const NEVER_STARTED: Sighting = {
  project: undefined,
  speed: 1,
  containers: [],
  pages: [],
  prometheus: 'it was never started',
  alertmanager: 'it was never started',
  incidents: [],
};

async function atItsSpeed(lab: Lab): Promise<Lab> {
  if (!lab.foreign) return lab;
  const settings = await orNull(new Prometheus(baseUrl(lab, 'PROMETHEUS_PORT')).settings());
  if (!settings || settings.speed === lab.speed) return lab;
  const there = { ...lab, speed: settings.speed };
  await saveLab(there);
  return there;
}

/** Its files: those that are named, else those that it was started from, else what its servers say of them. */
async function handedIn(
  { dir, host }: StackNames,
  workingDir: string | undefined,
  lab: Lab,
): Promise<Submission> {
  const near = host === undefined && workingDir && existsSync(workingDir) ? workingDir : undefined;
  const folder = dir ?? near;
  if (folder !== undefined) return withPromtool(readSubmission(folder));
  const servers = [
    new Prometheus(baseUrl(lab, 'PROMETHEUS_PORT')),
    new Alertmanager(baseUrl(lab, 'ALERTMANAGER_PORT')),
  ] as const;
  return withPromtool(submissionOf(lab.project, await filesOf(...servers)));
}
