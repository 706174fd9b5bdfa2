import Docker from 'dockerode';
import { daemonError, healthOf, PROJECT_LABEL, SERVICE_LABEL } from './engine.ts';
import { HELPER_LABEL } from './helpers.ts';

/** A compose project that an engine has containers of. */
export interface Project {
  name: string;
  /** The folder and the files that it was started from, as compose wrote them down; empty where it did not. */
  workingDir: string;
  configFiles: string[];
  containers: ProjectContainer[];
}

export interface ProjectContainer {
  service: string;
  image: string;
  running: boolean;
  /** By its health check; undefined where it has none. */
  health: 'starting' | 'healthy' | 'unhealthy' | undefined;
  /** How often the daemon has started it again by itself. */
  restarts: number;
  /** What is published: the port inside, and where on the engine's host. */
  ports: { inside: number; address: string; port: number }[];
}

const FOLDER_LABEL = `${PROJECT_LABEL}.working_dir`;
const FILES_LABEL = `${PROJECT_LABEL}.config_files`;

/**
 * Every compose project of an engine, by name, stopped containers included. It only looks.
 * @throws ChaosError `not-ready` where Docker does not answer
 */
export async function listProjects(docker = new Docker()): Promise<Project[]> {
  try {
    const listed = await docker.listContainers({ all: true, filters: { label: [PROJECT_LABEL] } });
    const projects = new Map<string, Project>();
    for (const { Id, Labels } of listed) {
      const [name, service] = [Labels[PROJECT_LABEL], Labels[SERVICE_LABEL]];
      // What runs once, and what we add ourselves, is no service.
      if (!name || !service || Labels['com.docker.compose.oneoff'] === 'True' || HELPER_LABEL in Labels)
        continue;
      const project: Project = projects.get(name) ?? {
        name,
        workingDir: Labels[FOLDER_LABEL] ?? '',
        configFiles: (Labels[FILES_LABEL] ?? '').split(',').filter((file) => file !== ''),
        containers: [],
      };
      projects.set(name, project);
      const seen = await containerOf(docker.getContainer(Id), service);
      if (seen) project.containers.push(seen);
    }
    const byName = (a: string, b: string) => (a < b ? -1 : 1);
    for (const { containers } of projects.values()) containers.sort((a, b) => byName(a.service, b.service));
    return [...projects.values()].sort((a, b) => byName(a.name, b.name));
  } catch (error) {
    throw daemonError(error);
  }
}

/** Undefined for one that is gone by now. */
async function containerOf(
  container: Docker.Container,
  service: string,
): Promise<ProjectContainer | undefined> {
  const found = await container.inspect().catch((error: { statusCode?: number }) => {
    if (error.statusCode === 404) return undefined;
    throw error;
  });
  if (!found) return undefined;
  const { State, Config, RestartCount, NetworkSettings } = found;
  return {
    service,
    image: Config.Image,
    running: State.Running && !State.Restarting && !State.Paused,
    health: healthOf(State.Health?.Status),
    restarts: RestartCount,
    ports: Object.entries(NetworkSettings.Ports ?? {}).flatMap(([inside, bound]) =>
      inside.endsWith('/tcp')
        ? (bound ?? []).map(({ HostIp, HostPort }) => ({
            inside: Number.parseInt(inside, 10),
            address: HostIp,
            port: Number(HostPort),
          }))
        : [],
    ),
  };
}
