import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import { Compose } from '../docker/compose.ts';
import { labDir, labIsThere, loadLab } from './lab-file.ts';
import { projectName, projectOf } from './up.ts';

/**
 * Removes one lab: its containers, network, volumes and folder, and nothing else. A lab that did not come up
 * is removed as far as it got.
 * @returns whether there was anything to remove
 */
export async function takeDown(name: string, on: (line: string) => void): Promise<boolean> {
  const dir = labDir(name);
  if (labIsThere(name) && loadLab(name).foreign)
    throw new ChaosError('usage', `The stack ${name} was not brought up by chaos, so it is not taken down.`, {
      hint: 'take it down as it was brought up: docker compose down',
    });
  if (!existsSync(join(dir, '.env'))) return false;
  const half = { project: projectName(name), dir, images: 'debian' } as const;
  const lab = existsSync(join(dir, 'lab.json')) ? loadLab(name) : half;
  // Compose passes over what belongs to a profile that is not named.
  await new Compose(projectOf({ ...lab, grafana: true, telemetry: true }), on).down();
  rmSync(dir, { recursive: true, force: true });
  return true;
}
