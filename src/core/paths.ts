import { existsSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(import.meta.url);

/** The package's own folder, from the sources as from what was made of them, wherever that lies in it. */
export const PACKAGE_DIR = withPackageJson(dirname(HERE));

/** The lab as it is written: compose files, rules, images. */
export const STACK_DIR = join(PACKAGE_DIR, 'stack');

/** The scenarios that come with the package. */
export const SCENARIOS_DIR = join(PACKAGE_DIR, 'scenarios');

/** The game days that come with the package. */
export const GAMEDAYS_DIR = join(PACKAGE_DIR, 'gamedays');

/** One folder a lab: rendered configuration, passwords, and where its ports are. */
export const LABS_DIR = join(STACK_DIR, '.labs');

/**
 * The file of a program that is started as a process of its own, by its path in src. It lies in the next folder: of the
 * sources, of what was compiled of them, and of the bundle (scripts/build.mjs has the list).
 */
export function programFile(program: string): string {
  return join(dirname(HERE), '..', program + extname(HERE));
}

function withPackageJson(dir: string): string {
  return existsSync(join(dir, 'package.json')) ? dir : withPackageJson(dirname(dir));
}
