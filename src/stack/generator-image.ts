import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, relative } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import { PACKAGE_DIR, STACK_DIR } from '../core/paths.ts';
import type { Images } from '../docker/images.ts';
import { ensureBase, type ImageSource } from './images.ts';

/** What runs in it, by its path in the bundle: see load/hub-protocol.ts. */
const PROGRAMS = ['load/agent.js', 'load/generator.js', 'load/hub.js'];
const DOCKERFILE = join(STACK_DIR, 'generator/Dockerfile');

/** Where a program lies in the image. */
export const inImage = (program: 'agent' | 'hub'): string[] => ['node', `/chaos/dist/load/${program}.js`];

/** What goes into the image: files of the bundle, and packages, by their place below one folder. */
interface Contents {
  files: string[];
  /** Packages that the bundle leaves outside. */
  packages: string[];
  /** Those, and what they need. */
  folders: { root: string; path: string; version: string }[];
}

/**
 * The tag of the image of load generators; it changes with whatever is in it.
 * @throws ChaosError `not-ready` where nothing was bundled
 */
export function generatorImage(source: ImageSource): string {
  return tagOf(contentsOf(join(PACKAGE_DIR, 'dist')), source);
}

/**
 * Builds the image of load generators where it is not there yet: on Node's own image of our version, or, without a
 * registry, on Debian's root file system with the program that runs us.
 * @throws ChaosError `not-ready`
 */
export async function ensureGeneratorImage(
  source: ImageSource,
  images: Images,
  on: (line: string) => void,
): Promise<string> {
  const contents = contentsOf(join(PACKAGE_DIR, 'dist'));
  const tag = tagOf(contents, source);
  if (await images.exists(tag)) return tag;
  const base = source === 'official' ? officialBase() : await ensureBase(images, on);
  on(`building ${tag}: the load generator, on ${base}`);
  const dir = mkdtempSync(join(tmpdir(), 'chaos-generator-'));
  let last = '';
  try {
    layOut(dir, contents, source);
    const args = { BASE: base, NODE_VERSION: process.version, PACKAGES: contents.packages.join(' ') };
    const context = {
      dir,
      files: ['Dockerfile', 'chaos'],
      dockerfile: 'Dockerfile',
      args,
      offline: true as const,
    };
    await images.build(tag, context, (line) => {
      last = line;
    });
    return tag;
  } catch (error) {
    if (source === 'official' || !/node/.test(last)) throw error;
    throw new ChaosError('not-ready', `This machine's Node does not run on ${base}: ${last.slice(0, 200)}`, {
      cause: error,
      hint: 'a Node as nodejs.org makes it does; or use the official images: chaos up --images official',
    });
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const officialBase = () => `node:${process.versions.node}-slim`;

function contentsOf(dist: string): Contents {
  const missing = PROGRAMS.filter((program) => !existsSync(join(dist, program)));
  if (missing.length > 0)
    throw new ChaosError(
      'not-ready',
      `${dist} has no ${missing.join(', ')}, which other machines would run.`,
      {
        hint: 'npm run build',
      },
    );
  const files = new Set<string>();
  const packages = new Set<string>();
  const follow = (file: string): void => {
    if (files.has(file)) return;
    files.add(file);
    const text = readFileSync(join(dist, file), 'utf8');
    for (const [, path = ''] of text.matchAll(/\b(?:from|import)\s*\(?\s*"([^"\n]+)"/g)) {
      if (path.startsWith('.')) follow(join(dirname(file), path));
      else if (!path.startsWith('node:')) packages.add(path);
    }
  };
  for (const program of PROGRAMS) follow(program);
  return { files: [...files].sort(), packages: [...packages].sort(), folders: closureOf([...packages]) };
}

/** The folders of packages and of all that they need, wherever npm has put those. */
function closureOf(packages: readonly string[]): Contents['folders'] {
  const found = new Map<string, Contents['folders'][number]>();
  const visit = (name: string, from: string, optional: boolean): void => {
    const folder = findPackage(name, from);
    if (!folder && optional) return;
    if (!folder)
      throw new ChaosError('not-ready', `The package ${name} is not installed.`, { hint: 'npm ci' });
    if (found.has(folder)) return;
    const { version, dependencies, optionalDependencies } = JSON.parse(
      readFileSync(join(folder, 'package.json'), 'utf8'),
    ) as {
      version: string;
      dependencies?: Record<string, string>;
      optionalDependencies?: Record<string, string>;
    };
    // Installed as a package itself, ours has its packages beside it, or inside.
    const inside = folder.startsWith(join(PACKAGE_DIR, '/'));
    const root = inside ? PACKAGE_DIR : folder.slice(0, folder.indexOf(join('/', 'node_modules', '/')));
    found.set(folder, { root, path: relative(root, folder), version });
    for (const needed of Object.keys(dependencies ?? {})) visit(needed, folder, false);
    for (const wanted of Object.keys(optionalDependencies ?? {})) visit(wanted, folder, true);
  };
  for (const name of packages) visit(name, PACKAGE_DIR, false);
  return [...found.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function findPackage(name: string, from: string): string | undefined {
  for (let dir = from; ; dir = dirname(dir)) {
    const folder = join(dir, 'node_modules', name);
    if (existsSync(join(folder, 'package.json'))) return folder;
    if (dir === dirname(dir)) return undefined;
  }
}

function tagOf({ files, folders }: Contents, source: ImageSource): string {
  const hash = createHash('sha256').update(source).update(process.version).update(readFileSync(DOCKERFILE));
  for (const file of files) hash.update(file).update(readFileSync(join(PACKAGE_DIR, 'dist', file)));
  for (const { path, version } of folders) hash.update(`${path}@${version}`);
  return `chaos-generator:${hash.digest('hex').slice(0, 12)}`;
}

function layOut(dir: string, { files, folders }: Contents, source: ImageSource): void {
  const copy = (from: string, to: string) => {
    mkdirSync(dirname(join(dir, to)), { recursive: true });
    // Packages inside of packages are in the list themselves.
    const filter = (path: string) => basename(path) !== 'node_modules';
    cpSync(from, join(dir, to), { recursive: true, dereference: true, filter });
  };
  copy(DOCKERFILE, 'Dockerfile');
  copy(join(PACKAGE_DIR, 'package.json'), 'chaos/package.json');
  for (const file of files) copy(join(PACKAGE_DIR, 'dist', file), `chaos/dist/${file}`);
  for (const { root, path } of folders) copy(join(root, path), `chaos/${path}`);
  if (source === 'debian') copy(process.execPath, 'chaos/bin/node');
}
