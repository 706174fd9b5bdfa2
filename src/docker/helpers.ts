import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { ChaosError } from '../core/errors.ts';
import type { CpuLimit } from './engine.ts';

/** A container that a fault adds to the lab for its own time, from an image that is there already. */
export interface Helper {
  /** Its service in the lab's project; several may bear the same. */
  name: string;
  /** The service of the lab whose image it is made of. */
  imageOf: string;
  /** Must end by itself, in case nobody is left to remove it. */
  command: string[];
  /** On no network where this is missing. */
  network?: string;
  /** With it, everybody else also goes first. */
  cpu?: CpuLimit;
}

/** What the faults do beside the verbs on a container as a whole. */
export interface Helpers {
  /** Runs a program in a running container. @returns its exit code, and what it wrote to either stream */
  exec(service: string, command: string[]): Promise<{ code: number; output: string }>;
  /** The same without waiting for its end. */
  leaveRunning(service: string, command: string[]): Promise<void>;
  /** @returns when it started, in milliseconds since the Unix epoch, and its address on its network */
  startHelper(helper: Helper): Promise<{ startedAt: number; address: string }>;
  /** How many are running. */
  countHelpers(name: string): Promise<number>;
  /** Ends and removes all of that name, also those that have ended by themselves. None being there is no error. */
  removeHelpers(name: string): Promise<void>;
  /** How many processors the daemon's host has, and whether it can hold a container to a share of them. */
  processors(): Promise<{ count: number; limitable: boolean }>;
}

/** What the daemon says of itself; the types leave some of it out. */
interface DaemonInfo {
  NCPU: number;
  CpuCfsQuota: boolean;
  CpuCfsPeriod: boolean;
  CPUShares: boolean;
}

/** Set on every helper, so that no container of the lab itself can be removed as one. */
const HELPER_LABEL = 'chaos.helper';

/** The lowest weight Docker takes; a container that says nothing has 1024. */
const LEAST_SHARES = 2;

/** A fork bomb or a leak in a helper must not be one of the host. */
const MEMORY_BYTES = 256 * 1024 * 1024;

/**
 * @param find a service's container, or an error for people
 * @param explain makes such an error of what the daemon said
 */
export function connectHelpers(
  docker: Docker,
  project: string,
  find: (service: string) => Promise<Docker.Container>,
  explain: (error: unknown) => ChaosError,
): Helpers {
  const heard = <T>(act: Promise<T>) =>
    act.catch((error) => {
      throw explain(error);
    });
  const helpersOf = (name: string) => {
    const label = [`com.docker.compose.project=${project}`, `${HELPER_LABEL}=${name}`];
    return heard(docker.listContainers({ all: true, filters: { label } }));
  };

  return {
    async exec(service, command) {
      const container = await find(service);
      // With a terminal both streams come as one, without the frames that would have to be taken apart.
      const options = { Cmd: command, AttachStdout: true, AttachStderr: true, Tty: true };
      const exec = await heard(container.exec(options));
      const stream = (await heard(exec.start({ Tty: true }))) as unknown as Readable;
      let output = '';
      for await (const chunk of stream) output += chunk;
      const { ExitCode } = await heard(exec.inspect());
      return { code: ExitCode ?? -1, output: output.trim() };
    },
    async leaveRunning(service, command) {
      const container = await find(service);
      const exec = await heard(container.exec({ Cmd: command }));
      // An answer that nobody reads would keep its connection.
      (await heard(exec.start({ Detach: true }))).resume();
    },
    async startHelper({ name, imageOf, command, network = 'none', cpu }) {
      const { Image } = await heard((await find(imageOf)).inspect());
      const container = await heard(
        docker.createContainer({
          Image,
          Entrypoint: command,
          Cmd: [],
          User: 'nobody',
          Labels: {
            [HELPER_LABEL]: name,
            // As compose labels its own, so that its up and down sweep away what a dead process left.
            'com.docker.compose.project': project,
            'com.docker.compose.service': name,
            'com.docker.compose.oneoff': 'False',
            'com.docker.compose.container-number': '1',
          },
          HostConfig: {
            // Not removed by Docker itself as it ends: compose, which may be removing it just then, would fail.
            AutoRemove: false,
            Init: true,
            NetworkMode: network,
            CapDrop: ['ALL'],
            Memory: MEMORY_BYTES,
            ...(cpu ? { CpuQuota: cpu.quotaUs, CpuPeriod: cpu.periodUs, CpuShares: LEAST_SHARES } : {}),
          },
        }),
      );
      await heard(container.start());
      const { State, NetworkSettings } = await heard(container.inspect());
      const address = NetworkSettings.Networks[network]?.IPAddress ?? '';
      return { startedAt: Date.parse(State.StartedAt), address };
    },
    async countHelpers(name) {
      return (await helpersOf(name)).filter(({ State }) => State === 'running').length;
    },
    async removeHelpers(name) {
      for (const { Id } of await helpersOf(name)) {
        const container = docker.getContainer(Id);
        await container.remove({ force: true }).catch(async (error: { statusCode?: number }) => {
          if (error.statusCode === 404) return;
          if (error.statusCode !== 409) throw explain(error);
          // Somebody else is removing it.
          await container.wait({ condition: 'removed' }).catch(() => {});
        });
      }
    },
    async processors() {
      const info = (await heard(docker.info())) as DaemonInfo;
      // A rootless daemon that was handed no processor controller says so here, and ignores every limit.
      return { count: info.NCPU, limitable: info.CpuCfsQuota && info.CpuCfsPeriod && info.CPUShares };
    },
  };
}
