import { Duplex, PassThrough } from 'node:stream';
import Docker from 'dockerode';
import { daemonDown } from './images.ts';

/** A container that lasts as long as somebody talks to it. */
export interface Throwaway {
  /** Its standard input and output. */
  stream: Duplex;
  /** The last of what it wrote to its standard error. */
  complaints(): string;
  /** Resolves once it is gone. */
  end(): Promise<void>;
}

/** What a throwaway is made of. */
export interface ThrowawayRequest {
  name: string;
  image: string;
  command: string[];
  /** A network that is there, and what the container is called on it. */
  network?: { name: string; alias: string };
  labels?: Record<string, string>;
}

/** What it may use: the writable folder /replay is in memory, and counts. */
const MEMORY_BYTES = 1024 ** 3;

/**
 * Starts a program in a container without any network but loopback, or on the one that is named, and talks to it through
 * its standard streams.
 * Its input ends with this process, however that ends, and Docker removes the container as its program ends.
 * @throws ChaosError `not-ready`
 */
export async function startThrowaway(
  { name, image, command, network, labels = {} }: ThrowawayRequest,
  docker = new Docker(),
): Promise<Throwaway> {
  try {
    const container = await docker.createContainer({
      name,
      Image: image,
      Entrypoint: command,
      Cmd: [],
      User: 'nobody',
      Labels: labels,
      ...(network
        ? { NetworkingConfig: { EndpointsConfig: { [network.name]: { Aliases: [network.alias] } } } }
        : {}),
      OpenStdin: true,
      StdinOnce: true,
      AttachStdin: true,
      AttachStdout: true,
      AttachStderr: true,
      HostConfig: {
        AutoRemove: true,
        Init: true,
        NetworkMode: network?.name ?? 'none',
        CapDrop: ['ALL'],
        Memory: MEMORY_BYTES,
        NanoCpus: 1e9,
        Tmpfs: { '/replay': 'rw,mode=1777,size=768m' },
      },
    });
    // Both before the start: a container that ends at once would else be gone before anybody asks.
    const raw = await container.attach({
      stream: true,
      stdin: true,
      stdout: true,
      stderr: true,
      hijack: true,
    });
    const gone = container.wait({ condition: 'removed' }).catch(() => {});
    await container.start();
    let complaints = '';
    const output = new PassThrough();
    const errors = new PassThrough().on('data', (chunk: Buffer) => {
      complaints = (complaints + chunk.toString()).slice(-4000);
    });
    docker.modem.demuxStream(raw, output, errors);
    raw.on('end', () => output.end());
    const input = new PassThrough();
    input.pipe(raw);
    return {
      stream: Duplex.from({ readable: output, writable: input }),
      complaints: () => complaints.trim(),
      async end() {
        input.end();
        await gone;
      },
    };
  } catch (error) {
    throw daemonDown(error);
  }
}
