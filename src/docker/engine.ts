import Docker from 'dockerode';
import type { Clock } from '../core/clock.ts';
import { ChaosError, messageOf } from '../core/errors.ts';
import { connectEvents } from './events.ts';
import { connectHelpers, type Helpers, type LookingAtHelpers } from './helpers.ts';
import { connectSwarm, type LookingAtSwarm, type Swarm } from './swarm.ts';

/** What is known of a container of the lab. */
export interface ContainerState {
  id: string;
  running: boolean;
  paused: boolean;
  /** From the image's or compose's health check; undefined where there is none. */
  health: 'starting' | 'healthy' | 'unhealthy' | undefined;
  /** Last start, milliseconds since the Unix epoch; undefined if it never started. */
  startedAt: number | undefined;
}

/** A container's place on a network. */
export interface Attachment {
  network: string;
  aliases: string[];
  /** Its address there now; empty while the container does not run. Connected again it may get another. */
  address: string;
}

/** How much of the processors a container may use, in microseconds a period; a quota of 0 or -1 is no limit. */
export interface CpuLimit {
  quotaUs: number;
  periodUs: number;
}

/** The verbs that only ask: with these nothing can be changed. */
export interface Looking extends LookingAtHelpers {
  /** The Swarm that this engine manages, if it does. */
  readonly swarm: LookingAtSwarm;
  /** @throws ChaosError `not-ready` where the project has no such container, or Docker does not answer */
  state(service: string): Promise<ContainerState>;
  /** The networks a container is on, with the names it is known by there. */
  networks(service: string): Promise<Attachment[]>;
  cpuLimit(service: string): Promise<CpuLimit>;
  /** Where folders in memory are mounted in it. */
  tmpfs(service: string): Promise<string[]>;
  /**
   * The time of the first `action` event (`die`, `start`, ...) of a service, from this call on: Docker replays
   * what happened between the call and the connection, so subscribe first and act at once.
   * @returns milliseconds since the Unix epoch, by the daemon's clock
   */
  nextEvent(service: string, action: string, signal: AbortSignal): Promise<number>;
  /** The same for `connect` and `disconnect`, which are events of the network. */
  nextNetworkEvent(service: string, action: 'connect' | 'disconnect', signal: AbortSignal): Promise<number>;
}

/** The verbs the runner and the faults need, on the containers of one compose project and no others. */
export interface Engine extends Looking, Helpers {
  readonly swarm: Swarm;
  /** SIGTERM, then SIGKILL after `graceSeconds` (Docker's default is 10). Stopping a stopped one is no error. */
  stop(service: string, graceSeconds?: number): Promise<void>;
  /** Starting a running container is no error. */
  start(service: string): Promise<void>;
  /** A signal to the container's first process, e.g. `SIGKILL`. */
  kill(service: string, signal: string): Promise<void>;
  /** Whether its process was told to end and has not ended yet, as far back as the daemon remembers its events. */
  isEnding(service: string): Promise<boolean>;
  /** Stop and start in one act. */
  restart(service: string): Promise<void>;
  /** Freezes every process; a paused container is still running. Pausing a paused one is no error. */
  pause(service: string): Promise<void>;
  unpause(service: string): Promise<void>;
  /** Takes a container off a network. A container that is not on it is no error. */
  disconnect(service: string, network: string): Promise<void>;
  /** Puts it back under its names. A container that is on it already is no error. */
  connect(service: string, attachment: Attachment): Promise<void>;
  setCpuLimit(service: string, limit: CpuLimit): Promise<void>;
}

export const PROJECT_LABEL = 'com.docker.compose.project';
export const SERVICE_LABEL = 'com.docker.compose.service';

/**
 * The Docker engine named by DOCKER_HOST, or the local socket, seen through one compose project.
 * @param called what the project calls a service, where that is not its name in the lab
 */
export function connectEngine(
  project: string,
  clock: Clock,
  docker = new Docker(),
  called: Readonly<Record<string, string>> = {},
): Engine {
  // 304: it already is so. 404 is a container removed while we held its id, which the caller must hear of.
  const unlessAlreadySo = async (act: Promise<unknown>) => {
    await act.catch((error: { statusCode?: number }) => {
      if (error.statusCode !== 304) throw daemonError(error);
    });
  };

  async function find(name: string): Promise<Docker.Container> {
    const service = called[name] ?? name;
    const filters = { label: [`${PROJECT_LABEL}=${project}`, `${SERVICE_LABEL}=${service}`] };
    const listed = await docker.listContainers({ all: true, filters }).catch((error) => {
      throw daemonError(error);
    });
    // Looked at again: whatever answers at DOCKER_HOST, a container without these labels is nobody we may touch.
    const found = listed.find(
      ({ Labels }) => Labels[PROJECT_LABEL] === project && Labels[SERVICE_LABEL] === service,
    );
    if (found) return docker.getContainer(found.Id);
    throw new ChaosError('not-ready', `The lab ${project} has no container of service ${service}.`, {
      hint: 'chaos status shows what is there; chaos up brings it back',
      lasting: true,
    });
  }

  const events = connectEvents(docker, clock, daemonError);

  return {
    ...connectHelpers(docker, project, find, daemonError),
    swarm: connectSwarm(docker, project, daemonError),
    async state(service) {
      const container = await find(service);
      const { Id, State } = await container.inspect().catch((error) => {
        throw daemonError(error);
      });
      const startedAt = Date.parse(State.StartedAt);
      return {
        id: Id,
        // A paused container is running by the engine's word, and a restarting one is not serving.
        running: State.Running && !State.Restarting,
        paused: State.Paused,
        health: healthOf(State.Health?.Status),
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
    async kill(service, signal) {
      const container = await find(service);
      await container.kill({ signal }).catch((error) => {
        // 409: it is not running, so there is nothing to kill.
        if (error.statusCode !== 409) throw daemonError(error);
      });
    },
    async isEnding(service) {
      const { id, startedAt } = await this.state(service);
      const past = await events.since({ container: [id], event: ['kill', 'die'] }, startedAt ?? 0);
      // SIGHUP asks to read a configuration anew.
      return past.filter(({ Actor }) => Actor.Attributes.signal !== '1').at(-1)?.Action === 'kill';
    },
    async restart(service) {
      const container = await find(service);
      await unlessAlreadySo(container.restart());
    },
    async pause(service) {
      const container = await find(service);
      if (!(await container.inspect()).State.Paused) await unlessAlreadySo(container.pause());
    },
    async unpause(service) {
      const container = await find(service);
      if ((await container.inspect()).State.Paused) await unlessAlreadySo(container.unpause());
    },
    async networks(service) {
      const container = await find(service);
      const { Id, NetworkSettings } = await container.inspect();
      return Object.entries(NetworkSettings.Networks).map(([network, { Aliases, IPAddress }]) => ({
        network,
        address: IPAddress,
        // Docker adds the short id by itself, and refuses nobody who adds it again; it would only grow.
        aliases: (Aliases ?? []).filter((alias: string) => !Id.startsWith(alias)),
      }));
    },
    async disconnect(service, network) {
      const { id } = await this.state(service);
      if (!(await this.networks(service)).some((one) => one.network === network)) return;
      await unlessAlreadySo(docker.getNetwork(network).disconnect({ Container: id }));
    },
    async connect(service, { network, aliases }) {
      const { id } = await this.state(service);
      if ((await this.networks(service)).some((one) => one.network === network)) return;
      const place = { Container: id, EndpointConfig: { Aliases: aliases } };
      await unlessAlreadySo(docker.getNetwork(network).connect(place));
    },
    async cpuLimit(service) {
      const container = await find(service);
      const { HostConfig } = await container.inspect();
      // `--cpus` is kept as NanoCpus, and Docker refuses a quota beside it.
      const nano = HostConfig.NanoCpus ?? 0;
      if (nano > 0) return { quotaUs: nano / 10_000, periodUs: 100_000 };
      return { quotaUs: HostConfig.CpuQuota ?? 0, periodUs: HostConfig.CpuPeriod || 100_000 };
    },
    async setCpuLimit(service, { quotaUs, periodUs }) {
      const container = await find(service);
      const { HostConfig } = await container.inspect();
      // What was set by `--cpus` can only be changed that way, and then only to another number.
      const byCpus = (HostConfig.NanoCpus ?? 0) > 0 && quotaUs > 0;
      // Otherwise 0 would leave the quota as it is; -1 takes it away.
      const change = byCpus
        ? { NanoCpus: Math.round((quotaUs / periodUs) * 1e9) }
        : { CpuQuota: quotaUs > 0 ? quotaUs : -1, CpuPeriod: periodUs };
      await unlessAlreadySo(container.update(change));
    },
    async tmpfs(service) {
      const container = await find(service);
      return Object.keys((await container.inspect()).HostConfig.Tmpfs ?? {});
    },
    async nextEvent(service, action, signal) {
      const label = [`${PROJECT_LABEL}=${project}`, `${SERVICE_LABEL}=${called[service] ?? service}`];
      return await events.first({ label, event: [action] }, signal, () => true);
    },
    async nextNetworkEvent(service, action, signal) {
      // Docker's container filter does not show these; the container's id is an attribute of the network's event.
      const { id } = await this.state(service);
      const filters = { type: ['network'], event: [action] };
      return await events.first(filters, signal, (event) => event.Actor.Attributes.container === id);
    },
  };
}

/** As the daemon tells it of a container; it has a word for one without a health check, too. */
export function healthOf(health: string | undefined): ContainerState['health'] {
  return health === 'healthy' || health === 'unhealthy' || health === 'starting' ? health : undefined;
}

/** One sentence for whatever the daemon, or the way to it, answered. */
export function daemonError(error: unknown): ChaosError {
  return new ChaosError('not-ready', `Docker did not do as asked: ${messageOf(error)}`, {
    cause: error,
    hint: 'chaos doctor says what is missing',
  });
}
