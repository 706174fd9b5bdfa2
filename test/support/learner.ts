import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_DIR } from '../../src/core/paths.ts';
import { start } from './lab.ts';

/** A stack as a learner has it: a folder of files, and what runs from them. */
export interface Learner {
  name: string;
  /** What is handed in. */
  dir: string;
  /** Its compose project. */
  project: string;
  up(): Promise<void>;
  down(): Promise<void>;
}

/** Changes of a learner's files, by their paths below the stack. */
export type Changes = Readonly<Record<string, (text: string) => string>>;

/**
 * Our stack in a checkout of somebody else's, with files of theirs otherwise.
 * @param engine what DOCKER_HOST is for it; missing, the engine that runs
 */
export function learner(
  under: string,
  name: string,
  { changes = {}, speed, engine }: { changes?: Changes; speed: number; engine?: string },
): Learner {
  const root = join(under, name);
  mkdirSync(root, { recursive: true });
  for (const part of ['dist', 'stack', 'package.json'])
    cpSync(join(PACKAGE_DIR, part), join(root, part), {
      recursive: true,
      filter: (path) => !path.includes('.labs'),
    });
  symlinkSync(join(PACKAGE_DIR, 'node_modules'), join(root, 'node_modules'));
  const dir = join(root, 'stack');
  for (const [path, change] of Object.entries(changes)) {
    const before = readFileSync(join(dir, path), 'utf8');
    const after = change(before);
    if (after === before) throw new Error(`${name}: nothing was changed in ${path}`);
    writeFileSync(join(dir, path), after);
  }
  const chaos = async (...args: string[]) => {
    const program = join(root, 'dist/cli/main.js');
    const environment = engine === undefined ? {} : { DOCKER_HOST: engine };
    const { code, stderr } = await start(process.execPath, [program, ...args], environment).ended;
    if (code !== 0) throw new Error(`${name}: chaos ${args.join(' ')}: exit ${code}\n${stderr}`);
  };
  return {
    name,
    dir,
    project: `chaos-${name}`,
    up: () => chaos('up', '--name', name, '--speed', `${speed}`, '--images', 'debian'),
    down: () => chaos('down', '--name', name),
  };
}
