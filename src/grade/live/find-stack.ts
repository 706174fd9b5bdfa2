import { createHash } from 'node:crypto';
import { mkdirSync, realpathSync } from 'node:fs';
import { sep } from 'node:path';
import { ChaosError } from '../../core/errors.ts';
import { type Foreign, LAB_PORTS, type Lab, type PortName } from '../../core/lab.ts';
import { meant } from '../../core/suggest.ts';
import type { DockerHost } from '../../docker/host.ts';
import type { Project } from '../../docker/projects.ts';
import { labDir, labOfProject, saveLab } from '../../stack/lab-file.ts';
import { SERVICES } from '../seed.ts';
import { serviceAmong } from '../services.ts';

/** How a stack to be graded is named. What is not given is found out. */
export interface StackNames {
  /** The folder that it was started from. */
  dir?: string | undefined;
  project?: string | undefined;
  /** The Docker engine: a context's name or a URL. */
  host?: string | undefined;
  prometheus?: string | undefined;
  alertmanager?: string | undefined;
  /** A project that is not there was never started, and is no mistake: a list of a whole class says it. */
  listed?: boolean;
}

/**
 * The project that is meant: the one of that name, or the one that was started from that folder.
 * @returns undefined where nothing of that folder was ever started
 * @throws ChaosError `not-ready` for a name that no project has, `usage` where several were started from the folder
 */
export function chooseProject(
  all: readonly Project[],
  { dir, project: name, listed }: StackNames,
): Project | undefined {
  if (name !== undefined) {
    const found = all.find((one) => one.name === name);
    if (found || (listed && dir !== undefined)) return found;
    const near = meant(
      name,
      all.map((one) => one.name),
    );
    const there = all.map((one) => one.name).join(', ') || 'none';
    throw new ChaosError('not-ready', `No compose project here is called ${name}.`, {
      hint: `${near ? `did you mean ${near}? ` : ''}those that are there: ${there}`,
    });
  }
  if (dir === undefined) return undefined;
  const root = real(dir);
  const mine = all.filter(({ workingDir, configFiles }) =>
    [workingDir, ...configFiles].some((path) => path !== '' && (real(path) + sep).startsWith(root + sep)),
  );
  if (mine.length <= 1) return mine[0];
  throw new ChaosError('usage', `Several compose projects were started from ${dir}.`, {
    hint: `say which: ${mine.map((one) => `--compose-project ${one.name}`).join(', or ')}`,
  });
}

/** Of what is not there any more, the path itself. */
function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/**
 * A stack as a lab on which scenarios run. One of ours is what it is; another one gets a folder for the journal of what is
 * done to it, so that whatever happens it is taken back.
 * @param engine says where ports that it publishes can be asked from here
 */
export async function labOf(
  project: Project | undefined,
  { host, prometheus, alertmanager }: StackNames,
  engine: Pick<DockerHost, 'reach'>,
): Promise<Lab> {
  const ours = host === undefined && project ? labOfProject(project.name) : undefined;
  if (ours) return ours;
  const services = servicesOf(project);
  const foreign: Foreign = {
    ...(host === undefined ? {} : { host }),
    services,
    urls: {
      ...(await urlsOf(project, services, engine.reach)),
      ...(prometheus === undefined ? {} : { PROMETHEUS_PORT: bare(prometheus) }),
      ...(alertmanager === undefined ? {} : { ALERTMANAGER_PORT: bare(alertmanager) }),
    },
  };
  const name = `graded-${createHash('sha256')
    .update(JSON.stringify([host, project?.name, prometheus]))
    .digest('hex')
    .slice(0, 12)}`;
  const lab: Lab = {
    name,
    project: project?.name ?? name,
    dir: labDir(name),
    speed: 1,
    images: 'official',
    grafana: false,
    ports: {} as Lab['ports'],
    foreign,
  };
  mkdirSync(lab.dir, { recursive: true, mode: 0o700 });
  await saveLab(lab);
  return lab;
}

const bare = (url: string) => url.replace(/\/+$/, '');

function servicesOf(project: Project | undefined): Record<string, string> {
  const found = SERVICES.flatMap(({ name }) => {
    const container = serviceAmong(project?.containers ?? [], name, ({ service, image }) => ({
      name: service,
      image,
    }));
    return container ? [[name, container.service]] : [];
  });
  return Object.fromEntries(found);
}

async function urlsOf(
  project: Project | undefined,
  services: Readonly<Record<string, string>>,
  reach: DockerHost['reach'],
): Promise<Foreign['urls']> {
  const urls: Foreign['urls'] = {};
  for (const [port, { service, inside }] of Object.entries(LAB_PORTS)) {
    const container = project?.containers.find((one) => one.service === services[service]);
    const bound = container?.ports.find((one) => one.inside === inside);
    if (!bound) continue;
    const near = await reach(bound.port);
    urls[port as PortName] = `http://${near.host.includes(':') ? `[${near.host}]` : near.host}:${near.port}`;
  }
  return urls;
}
