import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package's own folder, from the sources as from what was compiled of them, wherever that lies in it. */
export const PACKAGE_DIR = withPackageJson(dirname(fileURLToPath(import.meta.url)));

/** The lab as it is written: compose files, rules, images. */
export const STACK_DIR = join(PACKAGE_DIR, 'stack');

/** The scenarios that come with the package. */
export const SCENARIOS_DIR = join(PACKAGE_DIR, 'scenarios');

/** One folder a lab: rendered configuration, passwords, and where its ports are. */
export const LABS_DIR = join(STACK_DIR, '.labs');

function withPackageJson(dir: string): string {
  return existsSync(join(dir, 'package.json')) ? dir : withPackageJson(dirname(dir));
}
