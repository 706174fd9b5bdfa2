import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { PACKAGE_DIR } from '../../src/core/paths.ts';

/** Where the tests have their bundle, so that none of them replaces one in dist that is running an incident. */
export const BUNDLE = join(PACKAGE_DIR, '.build/bundle');

/** Runs the bundled command line, as a user would from the package's folder. */
export const chaos = (...args: string[]) => chaosWith({}, ...args);

export function chaosWith(env: Record<string, string>, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(BUNDLE, 'cli/main.js'), ...args], {
    cwd: PACKAGE_DIR,
    encoding: 'utf8',
    env: { ...process.env, NO_COLOR: '1', ...env },
  });
  return { status, stdout, stderr };
}
