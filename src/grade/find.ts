import { type Dirent, lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ChaosError, messageOf, type Problem } from '../core/errors.ts';
import { readText } from '../core/read-file.ts';

/** What a file of a submission is, by what stands in it. */
export type FileRole =
  | 'compose'
  | 'prometheus'
  | 'rules'
  | 'rule-tests'
  | 'alertmanager'
  | 'blackbox'
  | 'datasources'
  | 'providers'
  | 'dashboard'
  | 'python'
  | 'dockerfile'
  | 'nginx'
  | 'exposition'
  | 'markdown';

/** A file of a submission: its path from the folder that was handed in, with `/`. */
export interface FoundFile {
  role: FileRole;
  path: string;
  text: string;
}

/** What was found in a folder. */
export interface Folder {
  files: FoundFile[];
  /** Every file and folder in it by its path, also those that are none of our business. */
  paths: Set<string>;
  /** Files and folders that were not read, and why. */
  problems: Problem[];
}

/** A stack has some fifty files. What is larger is a home folder by mistake, or meant to keep us busy. */
const MOST_ENTRIES = 5000;
const DEEPEST = 12;
/** In bytes. A dashboard of forty panels has 100 KiB. */
const LARGEST_FILE = 1024 * 1024;
const LARGEST_SUM = 32 * 1024 * 1024;
/** Other people's programs, and what programs leave behind. */
const PASSED_OVER = /^(\..*|node_modules|__pycache__|venv|env)$/;

/** By the key at the left edge that only such a file has. It is asked of the text, as broken files have no keys. */
const YAML_ROLES: readonly [RegExp, FileRole][] = [
  [/^scrape_configs\s*:/m, 'prometheus'],
  [/^tests\s*:/m, 'rule-tests'],
  [/^groups\s*:/m, 'rules'],
  [/^services\s*:/m, 'compose'],
  [/^receivers\s*:|^route\s*:/m, 'alertmanager'],
  [/^modules\s*:/m, 'blackbox'],
  [/^datasources\s*:/m, 'datasources'],
  [/^providers\s*:/m, 'providers'],
];
/** For a file in which not even that can be read. */
const YAML_NAMES: readonly [RegExp, FileRole][] = [
  [/^(docker-)?compose(\..*)?\.ya?ml$/, 'compose'],
  [/^prometheus\.ya?ml$/, 'prometheus'],
  [/^alertmanager\.ya?ml$/, 'alertmanager'],
  [/^blackbox\.ya?ml$/, 'blackbox'],
  [/rules?[^/]*\.ya?ml$|alerts?[^/]*\.ya?ml$/, 'rules'],
];

/**
 * Finds the files of a submission wherever they lie below a folder. Links are not followed, so nothing outside is read.
 * @throws ChaosError `bad-file` where there is no such folder
 */
export function findFiles(dir: string): Folder {
  const folder: Folder = { files: [], paths: new Set(), problems: [] };
  try {
    if (!statSync(dir).isDirectory())
      throw new ChaosError('bad-file', `${dir} is no folder.`, { hint: 'chaos grade DIR --static' });
  } catch (error) {
    if (error instanceof ChaosError) throw error;
    throw new ChaosError('bad-file', `${dir} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
  const sum = { bytes: 0, entries: 0 };
  walk(dir, '', 0, folder, sum);
  return folder;
}

function walk(
  root: string,
  below: string,
  depth: number,
  folder: Folder,
  sum: { bytes: number; entries: number },
): void {
  const complain = (path: string, message: string) =>
    folder.problems.push({ file: path || '.', line: 1, column: 1, message });
  let entries: Dirent[];
  try {
    entries = readdirSync(join(root, below), { withFileTypes: true });
  } catch (error) {
    complain(below, `cannot be read: ${messageOf(error)}`);
    return;
  }
  // By code unit: the same order on every machine.
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    sum.entries += 1;
    if (sum.entries > MOST_ENTRIES) {
      if (sum.entries === MOST_ENTRIES + 1)
        complain('', `more than ${MOST_ENTRIES} files; the rest is not read`);
      return;
    }
    if (entry.isSymbolicLink()) {
      complain(path, 'a link, which is not followed');
      continue;
    }
    folder.paths.add(path);
    if (entry.isDirectory()) {
      if (PASSED_OVER.test(entry.name)) continue;
      if (depth >= DEEPEST) complain(path, 'nested too deeply');
      else walk(root, path, depth + 1, folder, sum);
    } else if (entry.isFile() && MAYBE.test(entry.name)) {
      const read = readOne(join(root, path), path, sum);
      if ('message' in read) complain(path, read.message);
      else if (read.file) folder.files.push(read.file);
    }
  }
}

const MAYBE = /\.(ya?ml|json|py|conf|txt|prom|md)$|^Dockerfile/i;

function readOne(
  whole: string,
  path: string,
  sum: { bytes: number },
): { file: FoundFile | undefined } | { message: string } {
  const { size } = lstatSync(whole);
  if (sum.bytes + size > LARGEST_SUM)
    return { message: `not read: there are more than ${LARGEST_SUM / 1024 / 1024} MiB of files before it` };
  const read = readText(whole, 'a file of a stack', { mostBytes: LARGEST_FILE });
  if (!('text' in read)) return { message: read.problem.message };
  sum.bytes += size;
  const role = roleOf(path, read.text);
  return { file: role && { role, path, text: read.text } };
}

/** What a file is; undefined for one that has no part in this. */
export function roleOf(path: string, text: string): FileRole | undefined {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const ending = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase();
  if (/^Dockerfile/i.test(name)) return 'dockerfile';
  if (ending === 'yml' || ending === 'yaml') {
    const [, role] =
      YAML_ROLES.find(([key]) => key.test(text)) ?? YAML_NAMES.find(([known]) => known.test(name)) ?? [];
    return role;
  }
  if (ending === 'json')
    return /"panels"\s*:/.test(text) || /dashboard/i.test(path) ? 'dashboard' : undefined;
  if (ending === 'py') return 'python';
  if (ending === 'conf') return /\b(server|proxy_pass|upstream)\b/.test(text) ? 'nginx' : undefined;
  if (ending === 'md') return 'markdown';
  return /^# TYPE \S+ \w+/m.test(text) ? 'exposition' : undefined;
}
