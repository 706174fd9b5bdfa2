import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Clock } from '../core/clock.ts';
import { ChaosError } from '../core/errors.ts';
import type { Profile } from '../core/lab.ts';
import { STACK_DIR } from '../core/paths.ts';
import type { Images } from '../docker/images.ts';

export type ImageChoice = 'auto' | 'official' | 'debian';
export type ImageSource = Exclude<ImageChoice, 'auto'>;

/** Root file system of Debian's release, from the machine's own package sources. */
const BASE = 'chaos-debian-base:bookworm';

/** Debian's own lists of package sources, newest form first. Other files there belong to other vendors. */
const SOURCES = ['/etc/apt/sources.list.d/debian.sources', '/etc/apt/sources.list'];

const WIRE_FILES = ['wire/Dockerfile', 'wire/wire.py'];

/** The tag of the one image of all servers: changes with whatever is baked into it. */
export function debianImage(stackDir = STACK_DIR): string {
  return `chaos-lab-debian:${hashOf(stackDir, debianFiles(stackDir))}`;
}

/** The tag of the API's image for official bases. */
export function apiImage(stackDir = STACK_DIR): string {
  return `chaos-techshop-api:${hashOf(stackDir, appFiles(stackDir))}`;
}

/** The tag of what network-delay puts between two services, for each source of images. */
export function wireImage(source: ImageSource, stackDir = STACK_DIR): string {
  return source === 'debian' ? debianImage(stackDir) : `chaos-wire:${hashOf(stackDir, WIRE_FILES)}`;
}

/** Builds the wire of official images where it is not there yet. */
export async function ensureWireImage(images: Images, on: (line: string) => void): Promise<void> {
  const tag = wireImage('official');
  if (await images.exists(tag)) return;
  on(`building ${tag}`);
  await images.build(
    tag,
    { dir: STACK_DIR, files: WIRE_FILES, dockerfile: 'wire/Dockerfile', args: {} },
    () => {},
  );
}

/** The images of the official variant with these profiles, as compose.yml pins them. */
export function officialImages(
  profiles: readonly Profile[] = ['grafana'],
  stackDir = STACK_DIR,
): { service: string; image: string }[] {
  const { services } = parse(readFileSync(join(stackDir, 'compose.yml'), 'utf8'), { merge: true }) as {
    services: Record<string, { image: string; profiles?: Profile[] }>;
  };
  return Object.entries(services)
    .filter(([, { image }]) => !image.includes('$'))
    .filter(([, service]) => service.profiles?.every((profile) => profiles.includes(profile)) ?? true)
    .map(([service, { image }]) => ({ service, image }));
}

/**
 * Which source a lab's images come from: what was asked for, or, on `auto`, the registry where it answers (or
 * the images are all there already), else Debian packages.
 * @throws ChaosError `not-ready` where neither can be had
 */
export async function chooseSource(choice: ImageChoice, images: Images, clock: Clock): Promise<ImageSource> {
  if (choice !== 'auto') return choice;
  if (await images.exists(debianImage())) return 'debian';
  const pinned = officialImages().map(({ image }) => image);
  const here = await Promise.all(pinned.map((image) => images.exists(image)));
  if (here.every(Boolean) || (await images.registryHas(pinned[0]!, clock))) return 'official';
  if (canMakeBase()) return 'debian';
  throw new ChaosError(
    'not-ready',
    'No container registry answers, and mmdebstrap, which would make the images here, is absent.',
    {
      hint: 'on Debian: bash scripts/engine.sh; elsewhere connect to a registry',
    },
  );
}

/** Whether a Debian root file system can be made on this machine. */
export function canMakeBase(): boolean {
  return spawnSync('mmdebstrap', ['--version'], { stdio: 'ignore' }).status === 0 && sources() !== undefined;
}

/** Makes the Debian image, and its base, where they are not there yet. Its tag, when done, exists. */
export async function ensureDebianImage(images: Images, on: (line: string) => void): Promise<string> {
  const tag = debianImage();
  if (await images.exists(tag)) return tag;
  await ensureBase(images, on);
  on(`building ${tag}: every server of the lab (about a minute)`);
  const context = {
    dir: STACK_DIR,
    files: debianFiles(STACK_DIR),
    dockerfile: 'debian/Dockerfile',
    args: { BASE },
  };
  await images.build(tag, context, (line) => {
    if (/^Step \d+/.test(line)) on(line.slice(0, 100));
  });
  return tag;
}

/** Makes the Debian root file system where it is not there yet. Its tag, when done, exists. */
export async function ensureBase(images: Images, on: (line: string) => void): Promise<string> {
  if (await images.exists(BASE)) return BASE;
  on(`making ${BASE} from this machine's Debian packages (about a minute)`);
  await makeBase(images);
  return BASE;
}

async function makeBase(images: Images): Promise<void> {
  const list = sources();
  if (!list || !canMakeBase()) {
    throw new ChaosError(
      'not-ready',
      'mmdebstrap, which makes the base image from Debian packages, is not installed.',
      {
        hint: 'bash scripts/engine.sh, or apt-get install mmdebstrap',
      },
    );
  }
  const child = spawn(
    'mmdebstrap',
    ['--quiet', '--variant=minbase', '--include=ca-certificates', 'bookworm', '-', list],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaints = (complaints + chunk.toString()).slice(-2000);
  });
  const exited = new Promise<number | null>((resolve) => {
    child.once('error', () => resolve(null));
    child.once('close', resolve);
  });
  await images.importRoot(BASE, child.stdout);
  if ((await exited) === 0) return;
  const last = complaints.trim().split('\n').at(-1) ?? '';
  throw new ChaosError('not-ready', `mmdebstrap failed: ${last}`, {
    hint: 'apt-get update must work on this machine',
  });
}

function sources(): string | undefined {
  return SOURCES.find((file) => existsSync(file) && /^\s*(URIs:|deb )/m.test(readFileSync(file, 'utf8')));
}

function appFiles(stackDir: string): string[] {
  return readdirSync(join(stackDir, 'app'))
    .filter((name) => !name.startsWith('__'))
    .sort()
    .map((name) => `app/${name}`);
}

function debianFiles(stackDir: string): string[] {
  return [
    ...readdirSync(join(stackDir, 'debian'))
      .sort()
      .map((name) => `debian/${name}`),
    ...appFiles(stackDir),
    'wire/wire.py',
  ];
}

function hashOf(stackDir: string, files: readonly string[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(file).update(readFileSync(join(stackDir, file)));
  return hash.digest('hex').slice(0, 12);
}
