import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import Table from 'cli-table3';
import { PACKAGE_DIR } from '../src/core/paths.ts';
import { median, PLAIN, round } from './tools.ts';

const COMMANDS = [['--help'], ['plan', 'high-load'], ['list']];

/**
 * From the start of a process to its end: of node itself, and of commands that need no lab, in turns.
 * @param builds folders of builds, by default dist
 */
export function startup(rounds: number, builds: readonly string[] = ['dist']): string {
  const node = { command: 'node -e 0', args: ['-e', '0'], build: '' };
  const ours = COMMANDS.flatMap((words) =>
    builds.map((build) => ({
      command: `chaos ${words.join(' ')}`,
      args: [join(PACKAGE_DIR, build, 'cli/main.js'), ...words],
      build,
    })),
  );
  const all = [node, ...ours].map((one) => ({ ...one, tookMs: [] as number[] }));
  for (let turn = 0; turn < rounds; turn++) {
    for (const { args, tookMs } of all) {
      const began = performance.now();
      const { status, stderr } = spawnSync(process.execPath, args, { cwd: PACKAGE_DIR, encoding: 'utf8' });
      tookMs.push(performance.now() - began);
      if (status !== 0) throw new Error(`node ${args.join(' ')} did not run (npm run build): ${stderr}`);
    }
  }
  const table = new Table({ head: ['command', 'build', 'median', 'least', 'most'], style: PLAIN });
  for (const { command, build, tookMs } of all) {
    const ms = [median(tookMs), Math.min(...tookMs), Math.max(...tookMs)];
    table.push([command, build, ...ms.map((one) => `${round(one)} ms`)]);
  }
  return `Start to end, ${rounds} times each, in turns\n${table}`;
}
