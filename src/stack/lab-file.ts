import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { ChaosError } from '../core/errors.ts';
import type { Lab } from '../core/lab.ts';
import { LABS_DIR } from '../core/paths.ts';
import { meant } from '../core/suggest.ts';

/** A lab's name becomes a part of container names. */
const NAME = /^[a-z0-9][a-z0-9-]{0,30}$/;

/** The folder of a lab. @throws ChaosError `usage` for a name Docker would refuse */
export function labDir(name: string): string {
  if (NAME.test(name)) return join(LABS_DIR, name);
  throw new ChaosError('usage', `"${name}" is no name for a lab.`, {
    hint: 'small letters, digits and dashes, at most 31',
  });
}

export async function saveLab(lab: Lab): Promise<void> {
  await writeFileAtomic(join(lab.dir, 'lab.json'), `${JSON.stringify(lab, null, 2)}\n`);
}

/** Whether `chaos up` has been run for it. */
export function labIsThere(name: string): boolean {
  return existsSync(join(labDir(name), 'lab.json'));
}

/** @throws ChaosError `not-ready` where `chaos up` has not been run for it */
export function loadLab(name: string): Lab {
  const file = join(labDir(name), 'lab.json');
  if (existsSync(file)) return JSON.parse(readFileSync(file, 'utf8')) as Lab;
  const others = existsSync(LABS_DIR)
    ? readdirSync(LABS_DIR).filter((one) => existsSync(join(LABS_DIR, one, 'lab.json')))
    : [];
  const near = meant(name, others);
  throw new ChaosError('not-ready', `There is no lab called ${name}.`, {
    hint:
      others.length > 0
        ? `${near ? `did you mean ${near}? ` : ''}labs that are up: ${others.join(', ')}; or chaos up --name ${name}`
        : 'chaos up --speed 10',
  });
}

/** The lab of ours that a compose project is; undefined where it is none. */
export function labOfProject(project: string): Lab | undefined {
  const names = existsSync(LABS_DIR) ? readdirSync(LABS_DIR) : [];
  const labs = names.filter((name) => NAME.test(name) && labIsThere(name)).map(loadLab);
  return labs.find((lab) => lab.project === project && !lab.foreign);
}
