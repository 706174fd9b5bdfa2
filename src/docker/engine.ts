import type { Readable } from 'node:stream';
import Docker from 'dockerode';
import type { Clock } from '../core/clock.ts';
import { ChaosError, messageOf } from '../core/errors.ts';
import { jsonLines } from './json-lines.ts';

/** What is known of a container of the lab. */
export interface ContainerState {
  id: string;
  running: boolean;
  /** From the image's or compose's health check; undefined where there is none. */
  health: 'starting' | 'healthy' | 'unhealthy' | undefined;
  /** Last start, milliseconds since the Unix epoch; undefined if it never started. */
  startedAt: number | undefined;
}

/** The verbs the runner and the faults need, on the containers of one compose project and no others. */
export interface Engine {
  /** @throws ChaosError `not-ready` where the project has no such container, or Docker does not answer */
  state(service: string): Promise<ContainerState>;
  /** SIGTERM, then SIGKILL after `graceSeconds` (Docker's default is 10). Stopping a stopped one is no error. */
  stop(service: string, graceSeconds?: number): Promise<void>;
  /** Starting a running container is no error. */
  start(service: string): Promise<void>;
  /**
   * The time of the first `action` event (`die`, `start`, ...) of a service, from this call on: Docker replays
   * what happened between the call and the connection, so subscribe first and act at once.
   * @returns milliseconds since the Unix epoch, by the daemon's clock
   */
  nextEvent(service: string, action: string, signal: AbortSignal): Promise<number>;
}

const PROJECT_LABEL = 'com.docker.compose.project';
const SERVICE_LABEL = 'com.docker.compose.service';

/** The Docker engine named by DOCKER_HOST, or the local socket, seen through one compose project. */
export function connectEngine(project: string, clock: Clock, docker = new Docker()): Engine {
  // 304: it already is so. 404 is a container removed while we held its id, which the caller must hear of.
  const unlessAlreadySo = async (act: Promise<unknown>) => {
    await act.catch((error: { statusCode?: number }) => {
      if (error.statusCode !== 304) throw daemonError(error);
    });
  };

  async function find(service: string): Promise<Docker.Container> {
    const filters = { label: [`${PROJECT_LABEL}=${project}`, `${SERVICE_LABEL}=${service}`] };
    const [found] = await docker.listContainers({ all: true, filters }).catch((error) => {
      throw daemonError(error);
    });
    if (found) return docker.getContainer(found.Id);
    throw new ChaosError('not-ready', `The lab ${project} has no container of service ${service}.`, {
      hint: 'chaos status shows what is there; chaos up brings it back',
    });
  }

  return {
    async state(service) {
      const container = await find(service);
      const { Id, State } = await container.inspect().catch((error) => {
        throw daemonError(error);
      });
      const startedAt = Date.parse(State.StartedAt);
      const health = State.Health?.Status;
      return {
        id: Id,
        // A paused container is running by the engine's word, and a restarting one is not serving.
        running: State.Running && !State.Restarting,
        health: health === 'healthy' || health === 'unhealthy' || health === 'starting' ? health : undefined,
        // A container that never started carries the year 1.
        startedAt: startedAt > 0 ? startedAt : undefined,
      };
    },
    async stop(service, graceSeconds) {
      const container = await find(service);
      await unlessAlreadySo(container.stop(graceSeconds === undefined ? {} : { t: graceSeconds }));
    },
    async start(service) {
      const container = await find(service);
      await unlessAlreadySo(container.start());
    },
    async nextEvent(service, action, signal) {
      signal.throwIfAborted();
      const since = clock.now() / 1000;
      const filters = {
        label: [`${PROJECT_LABEL}=${project}`, `${SERVICE_LABEL}=${service}`],
        event: [action],
      };
      const stop = new AbortController();
      const either = AbortSignal.any([signal, stop.signal]);
      const stream = (await docker.getEvents({ since, filters, abortSignal: either }).catch((error) => {
        throw daemonError(error);
      })) as Readable;
      try {
        for await (const event of jsonLines<{ timeNano: number }>(stream))
          return Math.floor(event.timeNano / 1e6);
      } finally {
        stop.abort();
      }
      signal.throwIfAborted();
      throw new ChaosError('not-ready', `Docker's events ended before ${service} showed "${action}".`);
    },
  };
}

/** One sentence for whatever the daemon, or the way to it, answered. */
function daemonError(error: unknown): ChaosError {
  return new ChaosError('not-ready', `Docker did not do as asked: ${messageOf(error)}`, {
    cause: error,
    hint: 'chaos doctor says what is missing',
  });
}
