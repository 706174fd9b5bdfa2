import type { Readable } from 'node:stream';
import Docker from 'dockerode';
import { ChaosError, messageOf } from '../core/errors.ts';
import { jsonLines } from './json-lines.ts';

/** What is done with images and with the daemon itself, rather than with a lab's containers. */
export interface Images {
  /** Version of the daemon. @throws ChaosError `not-ready`, saying whether it is absent, down or forbidden */
  ping(): Promise<string>;
  exists(tag: string): Promise<boolean>;
  /** Whether the registry of that image answers, within a few seconds. */
  registryHas(image: string, clock: { sleep(ms: number): Promise<void> }): Promise<boolean>;
  /** Makes an image from a tar of a root file system. */
  importRoot(tag: string, tar: Readable): Promise<void>;
  /** @throws ChaosError `not-ready` with the step that failed */
  build(
    tag: string,
    context: {
      dir: string;
      files: string[];
      dockerfile: string;
      args: Record<string, string>;
      /** For what is built from files alone. */
      offline?: true;
    },
    onLine: (line: string) => void,
  ): Promise<void>;
}

/** The engine named by DOCKER_HOST, or the local socket. */
export function connectImages(docker = new Docker()): Images {
  return {
    async ping() {
      try {
        const { Version } = await docker.version();
        return Version;
      } catch (error) {
        throw daemonDown(error);
      }
    },
    async exists(tag) {
      try {
        await docker.getImage(tag).inspect();
        return true;
      } catch (error) {
        if ((error as { statusCode?: number }).statusCode === 404) return false;
        throw daemonDown(error);
      }
    },
    async registryHas(image, clock) {
      const asked = docker
        .getImage(image)
        .distribution()
        .then(
          () => true,
          () => false,
        );
      return Promise.race([asked, clock.sleep(8000).then(() => false)]);
    },
    async importRoot(tag, tar) {
      const [repo, name] = tag.split(':');
      const stream = (await docker.importImage(tar as NodeJS.ReadableStream as never, {
        repo,
        tag: name,
      })) as unknown as Readable;
      await follow(stream, () => {});
    },
    async build(tag, { dir, files, dockerfile, args, offline }, onLine) {
      const stream = await docker.buildImage(
        { context: dir, src: files },
        { t: tag, dockerfile, buildargs: args, ...(offline ? { networkmode: 'none' } : {}) },
      );
      await follow(stream as unknown as Readable, onLine);
    },
  };
}

/** Reads the daemon's JSON lines to the end. @throws ChaosError `not-ready` on the one that is an error */
async function follow(stream: Readable, onLine: (line: string) => void): Promise<void> {
  for await (const said of jsonLines<{ stream?: string; error?: string }>(stream)) {
    if (said.stream?.trim()) onLine(said.stream.trim());
    if (!said.error) continue;
    const full = /no space left on device/i.test(said.error);
    throw new ChaosError(
      'not-ready',
      full ? 'The disk is full.' : `Building an image failed: ${said.error.slice(0, 300)}`,
      {
        hint: full
          ? 'docker system df shows what Docker keeps; docker system prune frees it'
          : 'chaos up --verbose shows the build; the package sources must answer',
      },
    );
  }
}

/** Why the daemon does not answer, in one sentence, and what to do. */
export function daemonDown(error: unknown): ChaosError {
  const code = (error as { code?: string }).code;
  if (code === 'EACCES') {
    return new ChaosError('not-ready', 'You may not use the Docker daemon.', {
      cause: error,
      hint: 'sudo usermod -aG docker "$USER", then log in again',
    });
  }
  if (code === 'ENOENT' || code === 'ECONNREFUSED') {
    return new ChaosError('not-ready', 'No Docker daemon answers.', {
      cause: error,
      hint: 'bash scripts/engine.sh installs and starts one on Debian; elsewhere start Docker',
    });
  }
  return new ChaosError('not-ready', `The Docker daemon does not answer as it should: ${messageOf(error)}`, {
    cause: error,
    hint: 'chaos doctor',
  });
}
