import { spawnSync } from 'node:child_process';
import * as dockerCompose from 'docker-compose';
import { ChaosError } from '../core/errors.ts';
import { readEnvironment } from '../core/lab-environment.ts';

/** Which program reads the compose file: the plugin of the Docker CLI, or the older one of its own. */
export type ComposeFlavour = 'docker compose' | 'docker-compose';

/** A compose project: its name, where its relative paths start, its files, its environment file. */
export interface ComposeProject {
  name: string;
  directory: string;
  files: string[];
  envFile: string;
  profiles: string[];
}

/** The compose that is installed, or undefined. The plugin is preferred where both are. */
export function composeFlavour(): ComposeFlavour | undefined {
  if (spawnSync('docker', ['compose', 'version'], { stdio: 'ignore' }).status === 0) return 'docker compose';
  if (spawnSync('docker-compose', ['version'], { stdio: 'ignore' }).status === 0) return 'docker-compose';
  return undefined;
}

/** Runs compose on one project. Each call throws a ChaosError `not-ready` with one sentence and its mend. */
export class Compose {
  readonly #options: dockerCompose.IDockerComposeOptions;

  /** @param onLine hears what compose says, line by line */
  constructor(project: ComposeProject, onLine: (line: string) => void = () => {}) {
    const flavour = composeFlavour();
    if (!flavour) {
      throw new ChaosError('not-ready', 'Neither `docker compose` nor docker-compose is installed.', {
        hint: 'bash scripts/engine.sh installs it on Debian; elsewhere install the Docker Compose plugin',
      });
    }
    this.#options = {
      cwd: project.directory,
      config: project.files,
      executable: flavour === 'docker-compose' ? { standalone: true } : { executablePath: 'docker' },
      composeOptions: [
        ['--project-name', project.name],
        ['--project-directory', project.directory],
        ['--env-file', project.envFile],
        ...project.profiles.map((profile) => ['--profile', profile]),
      ],
      env: {
        ...environmentFor(process.env, readEnvironment(project.envFile)),
        COMPOSE_INTERACTIVE_NO_CLI: '1',
      },
      callback: (chunk) => {
        for (const line of chunk.toString().split(/[\r\n]+/)) if (line.trim() !== '') onLine(line.trim());
      },
    };
  }

  /** Creates and starts what is missing or changed. Images must be there. */
  up(options: string[] = []): Promise<void> {
    return run(
      dockerCompose.upAll({
        ...this.#options,
        commandOptions: ['--no-build', '--remove-orphans', ...options],
      }),
    );
  }

  pull(services: string[]): Promise<void> {
    return run(dockerCompose.pullMany(services, this.#options));
  }

  build(service: string): Promise<void> {
    return run(dockerCompose.buildOne(service, this.#options));
  }

  /** Restarts services, so that they read their configuration anew. */
  restart(services: string[]): Promise<void> {
    return run(dockerCompose.restartMany(services, { ...this.#options, commandOptions: ['--timeout', '3'] }));
  }

  /** Removes the project's containers, network and volumes. */
  down(): Promise<void> {
    return run(
      dockerCompose.downAll({
        ...this.#options,
        commandOptions: ['--volumes', '--remove-orphans', '--timeout', '3'],
      }),
    );
  }
}

/**
 * Compose's own environment. Compose prefers a variable of its environment to one of the environment file: a
 * POSTGRES_PASSWORD that the user has exported would become the lab's, and a COMPOSE_FILE change what is brought up.
 */
export function environmentFor(
  ours: NodeJS.ProcessEnv,
  file: Readonly<Record<string, string>>,
): NodeJS.ProcessEnv {
  const kept = Object.entries(ours).filter(([name]) => !Object.hasOwn(file, name) && !/^COMPOSE_/.test(name));
  return Object.fromEntries(kept);
}

async function run(result: Promise<dockerCompose.IDockerComposeResult>): Promise<void> {
  try {
    await result;
  } catch (failed) {
    throw composeError(
      failed instanceof Error ? failed.message : ((failed as { err?: string }).err ?? String(failed)),
    );
  }
}

/** One sentence and its mend, from what compose and the daemon said. */
export function composeError(output: string): ChaosError {
  const lines = output.split('\n').map((line) => line.trim());
  const port = /(?:Bind for|listen tcp4?|bind:?) [^ ]*?:(\d+)[^\n]*(?:already (?:allocated|in use))/i.exec(
    output,
  )?.[1];
  if (port) {
    return new ChaosError('not-ready', `Port ${port} is taken by another program.`, {
      hint: `end what listens there (ss -ltnp 'sport = :${port}' names it), or bring up a lab with ports of its own: chaos up --name other`,
    });
  }
  if (/no space left on device/i.test(output)) {
    return new ChaosError('not-ready', 'The disk is full.', {
      hint: 'docker system df shows what Docker keeps; docker system prune frees it',
    });
  }
  if (
    /permission denied.*docker\.sock|cannot connect to the docker daemon|connection refused.*docker|ECONNREFUSED/i.test(
      output,
    )
  ) {
    return new ChaosError('not-ready', 'The Docker daemon does not answer.', { hint: 'chaos doctor' });
  }
  if (
    /(manifest|pull access denied|No such image|failed to resolve|i\/o timeout|no such host)/i.test(output)
  ) {
    return new ChaosError('not-ready', 'An image could not be had from the registry.', {
      hint: 'chaos up --images debian builds all of them from Debian packages',
    });
  }
  const last =
    lines.findLast((line) => /error|failed|cannot/i.test(line)) ??
    lines.findLast((line) => line !== '') ??
    'no reason given';
  return new ChaosError('not-ready', `Compose failed: ${last.slice(0, 300)}`, { hint: 'chaos doctor' });
}
