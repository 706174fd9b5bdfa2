import { chmodSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Clock } from '../core/clock.ts';
import { ChaosError, messageOf } from '../core/errors.ts';
import { type Lab, type Profile, profilesOf } from '../core/lab.ts';
import { readEnvironment } from '../core/lab-environment.ts';
import { STACK_DIR } from '../core/paths.ts';
import { Compose, type ComposeProject } from '../docker/compose.ts';
import { connectEngine } from '../docker/engine.ts';
import type { Images } from '../docker/images.ts';
import { choosePorts, formatEnvironment, passwords } from './environment.ts';
import { awaitReady } from './health.ts';
import {
  apiImage,
  chooseSource,
  debianImage,
  ensureDebianImage,
  ensureWireImage,
  type ImageChoice,
  type ImageSource,
  officialImages,
  wireImage,
} from './images.ts';
import { labDir, labIsThere, loadLab, saveLab } from './lab-file.ts';
import { renderLab, writeRendered } from './render.ts';

/** Services that read a rendered file, and must be started anew when it changes. */
const CONFIGURED = ['prometheus', 'alertmanager', 'blackbox-exporter'];

/** Longest wait for every target to be UP, in wall milliseconds: at speed 1 a scrape alone takes up to 15 s. */
const READY_LIMIT_MS = 180_000;

export interface UpRequest {
  name: string;
  speed: number;
  images: ImageChoice;
  /** Loki and Tempo as well; a lab that has had them keeps them. */
  telemetry?: boolean;
}

/**
 * Brings a lab up, or an existing one to another speed, and returns once every target is UP.
 * @param on hears what is being done, a line each
 * @throws ChaosError `usage` for a bad name or speed, `not-ready` for whatever is missing
 */
export async function bringUp(
  { name, speed, images: choice, telemetry: wanted }: UpRequest,
  {
    images,
    clock,
    signal,
    on,
  }: { images: Images; clock: Clock; signal?: AbortSignal; on: (line: string) => void },
): Promise<Lab> {
  const dir = labDir(name);
  if (labIsThere(name) && loadLab(name).foreign)
    throw new ChaosError('usage', `${name} is a stack that somebody else brought up.`, {
      hint: 'choose another name',
    });
  const { files, resendDelay, hash } = renderLab(speed);
  await images.ping();
  const envFile = join(dir, '.env');
  const before = readEnvironment(envFile);
  const ports = await choosePorts(name, before);
  const source = await chooseSource(choice, images, clock);
  on(source === 'debian' ? 'images: from Debian packages' : 'images: official ones, from the registry');

  const asked = wanted || (before.OTLP_LOGS_ENDPOINT ?? '') !== '';
  const grafana = source === 'official';
  const telemetry = grafana && asked;

  // From here on something is written; everything that can be refused has been.
  makeFolder(dir);
  writeRendered(dir, files);
  const environment = {
    LAB: name,
    LAB_DIR: dir,
    ...ports,
    ...passwords(before),
    RESEND_DELAY: resendDelay,
    OTLP_LOGS_ENDPOINT: telemetry ? 'http://loki:3100/otlp/v1/logs' : '',
    OTLP_TRACES_ENDPOINT: telemetry ? 'http://tempo:4318/v1/traces' : '',
    DEBIAN_IMAGE: debianImage(),
    API_IMAGE: apiImage(),
    CONFIG_HASH: hash,
  };
  await writeFileAtomic(envFile, formatEnvironment(environment), { mode: 0o600 });

  const lab: Lab = {
    name,
    project: projectName(name),
    dir,
    speed,
    images: source,
    wireImage: wireImage(source),
    grafana,
    telemetry,
    ports,
  };
  const compose = new Compose(projectOf(lab), (line) => on(line));
  if (source === 'debian') {
    await ensureDebianImage(images, on);
    on(`left out, since Debian does not package it: ${asked ? 'Grafana, Loki, Tempo' : 'Grafana'}`);
  } else {
    await fetchOfficial(profilesOf(lab), images, compose, on);
  }
  // What a fault has left is ended as it should be; compose would kill it.
  await connectEngine(lab.project, clock).removeHelpers();
  on('starting the containers');
  await compose.up();
  if (before.CONFIG_HASH !== undefined && before.CONFIG_HASH !== hash) {
    on('the configuration has changed: restarting what reads it');
    await compose.restart(CONFIGURED);
  }
  // Only now: a lab that failed to start is none.
  await saveLab(lab);
  let told = '';
  await awaitReady(lab, {
    clock,
    limitMs: READY_LIMIT_MS,
    ...(signal ? { signal } : {}),
    on: (waiting) => {
      const names = waiting.map(({ name }) => name).join(', ');
      if (names !== told) on(`waiting for ${names}`);
      told = names;
    },
  });
  return lab;
}

/** The compose project of a lab's name: the label by which its containers are known. */
export function projectName(name: string): string {
  return `chaos-${name}`;
}

/** How compose is called for a lab. */
export function projectOf({
  project,
  dir,
  images,
  ...parts
}: Pick<Lab, 'project' | 'dir' | 'images' | Profile>): ComposeProject {
  const overlay: Record<ImageSource, string[]> = { official: [], debian: ['compose.debian.yml'] };
  return {
    name: project,
    directory: STACK_DIR,
    files: ['compose.yml', ...overlay[images]].map((file) => join(STACK_DIR, file)),
    envFile: join(dir, '.env'),
    profiles: profilesOf(parts),
  };
}

async function fetchOfficial(
  profiles: readonly Profile[],
  images: Images,
  compose: Compose,
  on: (line: string) => void,
): Promise<void> {
  const missing: string[] = [];
  for (const { service, image } of officialImages(profiles))
    if (!(await images.exists(image))) missing.push(service);
  if (missing.length > 0) {
    on(`fetching ${missing.length} images`);
    await compose.pull(missing);
  }
  if (!(await images.exists(apiImage()))) {
    on(`building ${apiImage()}`);
    await compose.build('api');
  }
  await ensureWireImage(images, on);
}

function makeFolder(dir: string): void {
  try {
    mkdirSync(dir, { recursive: true });
    // Passwords are in it. What containers read are folders inside, which are mounted each by itself.
    chmodSync(dir, 0o700);
  } catch (error) {
    throw new ChaosError('not-ready', `The lab's folder ${dir} cannot be made: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}
