import type Docker from 'dockerode';
import { ChaosError } from '../core/errors.ts';
import { startThrowaway, type Throwaway } from './throwaway.ts';

/** A machine of the Swarm. */
export interface SwarmNode {
  id: string;
  name: string;
  /** Whether it takes tasks: ready, active, and of the engine's own architecture. */
  usable: boolean;
}

/** Where a task of a service stands. */
export interface SwarmTask {
  slot: number;
  /** Host name of its machine; empty while it has none. */
  node: string;
  state: string;
  /** What Docker says of it, where something is wrong. */
  error: string;
}

/** A service whose tasks end by themselves and are not replaced. */
export interface SwarmService {
  name: string;
  image: string;
  command: string[];
  environment: Record<string, string>;
  /** An overlay network; the only one it is on. */
  network: string;
  replicas: number;
}

/** What can be asked of a Swarm without changing anything. */
export interface LookingAtSwarm {
  /** @throws ChaosError `not-ready` where the engine is no manager of a Swarm */
  nodes(): Promise<SwarmNode[]>;
  tasks(service: string): Promise<SwarmTask[]>;
  /** Whether anything of that name, a service, a network or a hub, is there still. */
  isThere(names: SwarmNames): Promise<boolean>;
}

/** What a load from a Swarm brings into it. */
export interface SwarmNames {
  service: string;
  network: string;
  hub: string;
}

/** Only what bears the label of this lab's loads is ever removed. */
export interface Swarm extends LookingAtSwarm {
  /** An overlay network that containers of this engine can be connected to; an internal one leads nowhere else. */
  makeNetwork(name: string, internal: boolean): Promise<void>;
  startService(service: SwarmService): Promise<void>;
  /** A container on this engine that lasts as long as its input, known on the network by `alias`. */
  startHub(hub: {
    name: string;
    alias: string;
    image: string;
    command: string[];
    network: string;
  }): Promise<Throwaway>;
  /** Its tasks end within seconds. Where there is none, nothing happens. */
  removeService(name: string): Promise<void>;
  removeHub(name: string): Promise<void>;
  /** @throws ChaosError `not-ready` while something is on it */
  removeNetwork(name: string): Promise<void>;
}

/** Whose load it is: the compose project of the lab. */
const LABEL = 'chaos.load';

/** What one task may use: a generator is one busy thread. */
const CPUS = 1;
const MEMORY_BYTES = 512 * 1024 * 1024;
const PROCESSES = 128;

/** How long a task may take to end, in nanoseconds. */
const GRACE_NS = 3e9;

/** Words of the daemon's that differ from those of nodes. */
const ARCHITECTURES: Record<string, string> = { amd64: 'x86_64', arm64: 'aarch64' };

interface Node {
  ID: string;
  Spec: { Availability: string };
  Status: { State: string };
  Description: { Hostname: string; Platform: { Architecture: string; OS: string } };
}

interface Task {
  Slot: number;
  NodeID?: string;
  Status: { State: string; Err?: string };
}

/** @param explain makes an error for people of what the daemon said */
export function connectSwarm(
  docker: Docker,
  project: string,
  explain: (error: unknown) => ChaosError,
): Swarm {
  const heard = <T>(act: Promise<T>) =>
    act.catch((error) => {
      throw explain(error);
    });
  const labels = { [LABEL]: project };
  const filters = { label: [`${LABEL}=${project}`] };
  // Looked at again, whatever the filter did, as these are removed.
  const ours = (found: Record<string, string> | undefined) => found?.[LABEL] === project;

  async function findService(name: string): Promise<string | undefined> {
    const listed = await docker.listServices({ filters }).catch((error) => {
      // 503: the engine is in no Swarm any more, so nothing of it is left.
      if (error.statusCode === 503) return [];
      throw explain(error);
    });
    return listed.find(({ Spec }) => Spec?.Name === name && ours(Spec.Labels))?.ID;
  }

  async function findNetwork(name: string): Promise<string | undefined> {
    const listed = await heard(docker.listNetworks({ filters }));
    return listed.find(({ Name, Labels }) => Name === name && ours(Labels))?.Id;
  }

  async function findHub(name: string): Promise<string | undefined> {
    const listed = await heard(docker.listContainers({ all: true, filters }));
    return listed.find(({ Names, Labels }) => Names.includes(`/${name}`) && ours(Labels))?.Id;
  }

  async function listNodes(): Promise<Node[]> {
    try {
      return (await docker.listNodes()) as Node[];
    } catch (error) {
      // 503: it is in no Swarm, or only works for one.
      if ((error as { statusCode?: number }).statusCode !== 503) throw explain(error);
      throw new ChaosError('not-ready', 'The Docker engine is no manager of a Swarm.', {
        cause: error,
        hint: 'docker swarm init makes it one, and prints how other machines join',
      });
    }
  }

  async function architecture(): Promise<string> {
    const { Architecture } = (await heard(docker.info())) as { Architecture: string };
    return ARCHITECTURES[Architecture] ?? Architecture;
  }

  return {
    async nodes() {
      const nodes = await listNodes();
      const own = await architecture();
      return nodes.map(({ ID, Spec, Status, Description }) => ({
        id: ID,
        name: Description.Hostname,
        usable:
          Status.State === 'ready' &&
          Spec.Availability === 'active' &&
          Description.Platform.OS === 'linux' &&
          Description.Platform.Architecture === own,
      }));
    },
    async tasks(service) {
      const nodes = await listNodes();
      const tasks = (await heard(docker.listTasks({ filters: { service: [service] } }))) as Task[];
      return tasks.map(({ Slot, NodeID, Status }) => ({
        slot: Slot,
        node: nodes.find(({ ID }) => ID === NodeID)?.Description.Hostname ?? '',
        state: Status.State,
        error: Status.Err ?? '',
      }));
    },
    async isThere({ service, network, hub }) {
      const found = await Promise.all([findService(service), findNetwork(network), findHub(hub)]);
      return found.some((id) => id !== undefined);
    },
    async makeNetwork(name, internal) {
      const network = { Name: name, Driver: 'overlay', Attachable: true, Internal: internal, Labels: labels };
      await heard(docker.createNetwork(network));
    },
    async startService({ name, image, command, environment, network, replicas }) {
      await heard(
        docker.createService({
          Name: name,
          Labels: labels,
          Mode: { Replicated: { Replicas: replicas } },
          // Nobody asks it anything, so it needs no address of its own, for which the kernel would need IPVS.
          EndpointSpec: { Mode: 'dnsrr' },
          TaskTemplate: {
            ContainerSpec: {
              Image: image,
              Command: command,
              Env: Object.entries(environment).map(([key, value]) => `${key}=${value}`),
              Labels: labels,
              User: 'nobody',
              Init: true,
              ReadOnly: true,
              CapabilityDrop: ['ALL'],
              StopGracePeriod: GRACE_NS,
            } as Docker.ContainerSpec,
            Resources: {
              Limits: { NanoCPUs: CPUS * 1e9, MemoryBytes: MEMORY_BYTES, Pids: PROCESSES },
            } as Docker.ResourceRequirements,
            RestartPolicy: { Condition: 'none', MaxAttempts: 0 },
            Placement: {
              Constraints: ['node.platform.os == linux', `node.platform.arch == ${await architecture()}`],
            },
            Networks: [{ Target: network }],
          },
        }),
      );
    },
    async startHub({ name, alias, image, command, network }) {
      return startThrowaway({ name, image, command, network: { name: network, alias }, labels }, docker);
    },
    async removeService(name) {
      const id = await findService(name);
      if (id) await unlessGone(docker.getService(id).remove());
    },
    async removeHub(name) {
      const id = await findHub(name);
      if (id) await unlessGone(docker.getContainer(id).remove({ force: true }));
    },
    async removeNetwork(name) {
      const id = await findNetwork(name);
      if (id) await unlessGone(docker.getNetwork(id).remove());
    },
  };

  async function unlessGone(act: Promise<unknown>): Promise<void> {
    await act.catch((error: { statusCode?: number }) => {
      // 404: it has gone in between; 409: somebody else is removing it.
      if (error.statusCode !== 404 && error.statusCode !== 409) throw explain(error);
    });
  }
}
