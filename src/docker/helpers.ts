import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { ChaosError } from '../core/errors.ts';
import type { CpuLimit } from './engine.ts';

/** A container that a fault adds to the lab for its own time, from an image that is there already. */
export interface Helper {
  /** Its service in the lab's project; several may bear the same. */
  name: string;
  /** That of a service of the lab, or a tag. */
  image: { of: string } | { tag: string };
  /** Must end by itself, in case nobody is left to remove it. */
  command: string[];
  /** On no network where this is missing; a service's own is shared with it, addresses and firewall included. */
  network?: string | { of: string };
  /** It runs as root where it has any, else as nobody. */
  capabilities?: string[];
  /** With it, everybody else also goes first. */
  cpu?: CpuLimit;
}

/** What can be asked about them without changing anything. */
export interface LookingAtHelpers {
  /** How many are running. */
  countHelpers(name: string): Promise<number>;
  /** How many processors the daemon's host has, and whether it can hold a container to a share of them. */
  processors(): Promise<{ count: number; limitable: boolean }>;
}

/** What the faults do beside the verbs on a container as a whole. */
export interface Helpers extends LookingAtHelpers {
  /** Runs a program in a running container. @returns its exit code, and what it wrote to either stream */
  exec(service: string, command: string[]): Promise<{ code: number; output: string }>;
  /** The same without waiting for its end. */
  leaveRunning(service: string, command: string[]): Promise<void>;
  /** @returns when it started, in milliseconds since the Unix epoch, and its address on its network */
  startHelper(helper: Helper): Promise<{ startedAt: number; address: string }>;
  /** Runs one to its end, and removes it. @returns its exit code, and what it wrote to either stream */
  runHelper(helper: Helper): Promise<{ code: number; output: string }>;
  /**
   * Ends all of that name (all there are, without one) by SIGTERM, so that they can tidy up, and removes them, also
   * those that have ended by themselves. None being there is no error.
   */
  removeHelpers(name?: string): Promise<void>;
}

/** What the daemon says of itself; the types leave some of it out. */
interface DaemonInfo {
  NCPU: number;
  CpuCfsQuota: boolean;
  CpuCfsPeriod: boolean;
  CPUShares: boolean;
}

/** Set on every helper, so that no container of the lab itself can be removed as one. */
export const HELPER_LABEL = 'chaos.helper';

/** The lowest weight Docker takes; a container that says nothing has 1024. */
const LEAST_SHARES = 2;

/** How long a helper may take to tidy up, in seconds. */
const GRACE_S = 5;

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
  const helpersOf = async (name?: string) => {
    const ours = name === undefined ? HELPER_LABEL : `${HELPER_LABEL}=${name}`;
    const label = [`com.docker.compose.project=${project}`, ours];
    const listed = await heard(docker.listContainers({ all: true, filters: { label } }));
    // Looked at again, as these are removed.
    return listed.filter(
      ({ Labels }) =>
        Labels['com.docker.compose.project'] === project &&
        (name === undefined ? HELPER_LABEL in Labels : Labels[HELPER_LABEL] === name),
    );
  };

  /** The container whose image or network a helper shares; its name in the lab is a service. */
  const look = async (service: string) => heard((await find(service)).inspect());

  async function start({ name, image, command, network = 'none', capabilities = [], cpu }: Helper) {
    const container = await heard(
      docker.createContainer({
        Image: 'tag' in image ? image.tag : (await look(image.of)).Image,
        Entrypoint: command,
        Cmd: [],
        User: capabilities.length > 0 ? 'root' : 'nobody',
        // Both streams as one, without the frames that would have to be taken apart.
        Tty: true,
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
          NetworkMode: typeof network === 'string' ? network : `container:${(await look(network.of)).Id}`,
          CapDrop: ['ALL'],
          CapAdd: capabilities,
          Memory: MEMORY_BYTES,
          ...(cpu ? { CpuQuota: cpu.quotaUs, CpuPeriod: cpu.periodUs, CpuShares: LEAST_SHARES } : {}),
        },
      }),
    );
    await heard(container.start());
    return container;
  }

  async function remove(container: Docker.Container): Promise<void> {
    await container.stop({ t: GRACE_S }).catch((error: { statusCode?: number }) => {
      // 304: it has ended; 404: somebody has removed it.
      if (error.statusCode !== 304 && error.statusCode !== 404) throw explain(error);
    });
    await container.remove({ force: true }).catch(async (error: { statusCode?: number }) => {
      if (error.statusCode === 404) return;
      if (error.statusCode !== 409) throw explain(error);
      // Somebody else is removing it.
      await container.wait({ condition: 'removed' }).catch(() => {});
    });
  }

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
    async startHelper(helper) {
      const container = await start(helper);
      const { State, NetworkSettings } = await heard(container.inspect());
      const address = NetworkSettings.Networks[String(helper.network)]?.IPAddress ?? '';
      return { startedAt: Date.parse(State.StartedAt), address };
    },
    async runHelper(helper) {
      const container = await start(helper);
      try {
        const { StatusCode } = (await heard(container.wait())) as { StatusCode: number };
        const output = await heard(container.logs({ stdout: true, stderr: true, follow: false }));
        return { code: StatusCode, output: output.toString().trim() };
      } finally {
        await remove(container);
      }
    },
    async countHelpers(name) {
      return (await helpersOf(name)).filter(({ State }) => State === 'running').length;
    },
    async removeHelpers(name) {
      for (const { Id } of await helpersOf(name)) await remove(docker.getContainer(Id));
    },
    async processors() {
      const info = (await heard(docker.info())) as DaemonInfo;
      // A rootless daemon that was handed no processor controller says so here, and ignores every limit.
      return { count: info.NCPU, limitable: info.CpuCfsQuota && info.CpuCfsPeriod && info.CPUShares };
    },
  };
}
