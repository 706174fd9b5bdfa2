import { existsSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ChaosError } from '../core/errors.ts';
import { didYouMean } from './problems.ts';

const OURS = fileURLToPath(new URL('../../scenarios/', import.meta.url));

/** Where scenarios are looked for: the current folder's, then ours. */
function folders(): string[] {
  return [...new Set([join(process.cwd(), 'scenarios'), OURS.replace(/\/$/, '')])].filter((dir) =>
    existsSync(dir),
  );
}

/** Every scenario file, each name once, in order of name. */
export function listScenarioFiles(): string[] {
  const byName = new Map<string, string>();
  for (const dir of folders()) {
    for (const file of readdirSync(dir)) {
      if (/\.ya?ml$/.test(file) && !byName.has(file)) byName.set(file, shown(join(dir, file)));
    }
  }
  return [...byName].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file);
}

/**
 * The file behind a word or a path.
 * @throws ChaosError `usage` where there is none, with the nearest name
 */
export function findScenario(nameOrPath: string): string {
  if (/[/\\]|\.ya?ml$/.test(nameOrPath)) {
    if (existsSync(nameOrPath)) return nameOrPath;
    throw new ChaosError('usage', `There is no file ${nameOrPath}.`);
  }
  const files = listScenarioFiles();
  const names = files.map((file) => file.replace(/^.*[/\\]/, '').replace(/\.ya?ml$/, ''));
  const found = files[names.indexOf(nameOrPath)];
  if (found) return found;
  throw new ChaosError('usage', `There is no scenario called ${nameOrPath}.`, {
    hint: didYouMean(nameOrPath, names) ?? 'chaos list shows them all',
  });
}

/** Relative where that is shorter to read. */
function shown(file: string): string {
  const path = relative(process.cwd(), file);
  return path.startsWith('..') ? file : path;
}
