import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import { SCENARIOS_DIR } from '../core/paths.ts';
import { meant } from '../core/suggest.ts';
import { visible } from '../core/visible.ts';

/** Every scenario file, each name once, in order of name: those of the current folder, then ours. */
export function listScenarioFiles(): string[] {
  const byName = new Map<string, string>();
  for (const dir of new Set([join(process.cwd(), 'scenarios'), SCENARIOS_DIR])) {
    if (!existsSync(dir)) continue;
    for (const file of readdirSync(dir).sort()) {
      const name = nameOf(file);
      if (/\.ya?ml$/.test(file) && !byName.has(name)) byName.set(name, shown(join(dir, file)));
    }
  }
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file);
}

/**
 * The file behind a word; a path is taken as it is, whether there is such a file or not.
 * @throws ChaosError `usage` for a word that is no scenario, with the nearest and all there are
 */
export function findScenario(nameOrPath: string): string {
  if (/[/\\]|\.ya?ml$/.test(nameOrPath)) return nameOrPath;
  const files = listScenarioFiles();
  const names = files.map(nameOf);
  const found = files[names.indexOf(nameOrPath)];
  if (found) return found;
  const nearest = meant(nameOrPath, names);
  throw new ChaosError('usage', `There is no scenario called ${visible(nameOrPath)}.`, {
    hint: `${nearest ? `did you mean ${nearest}? ` : ''}There are: ${names.join(', ') || 'none'}.`,
  });
}

function nameOf(file: string): string {
  return file.replace(/^.*[/\\]/, '').replace(/\.ya?ml$/, '');
}

/** Relative where that is shorter to read. */
function shown(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith('..') ? file : path;
}
