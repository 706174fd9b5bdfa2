import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PACKAGE_DIR } from '../../src/core/paths.ts';
import type { RunRecord } from '../../src/report/record.ts';
import { loadLab } from '../../src/stack/lab-file.ts';

/** The lab that scripts/test.sh has brought up; every test leaves it as it was. */
export const LAB = process.env.CHAOS_TEST_LAB ?? 'ci';
export const lab = () => loadLab(LAB);

const REPORTS = mkdtempSync(join(tmpdir(), 'chaos-reports-'));

export interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Starts a program; `ended` never rejects. */
export function start(
  program: string,
  args: string[],
  environment: Record<string, string> = {},
): { child: ChildProcess; ended: Promise<Ended>; output: () => string } {
  const child = spawn(program, args, {
    cwd: PACKAGE_DIR,
    env: { ...process.env, NO_COLOR: '1', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  const ended = new Promise<Ended>((resolve) =>
    child.once('close', (code) => resolve({ code, stdout, stderr })),
  );
  return { child, ended, output: () => stdout + stderr };
}

/** The built command line. */
export function startChaos(...args: string[]) {
  return startChaosWith({}, ...args);
}

/** The same with more in its environment. */
export function startChaosWith(environment: Record<string, string>, ...args: string[]) {
  return start(process.execPath, [join(PACKAGE_DIR, 'dist/cli/main.js'), ...args], environment);
}

/** Runs a scenario and returns its exit code, its record, and the file it was written to. */
export async function runScenario(
  scenario: string,
): Promise<{ code: number | null; record: RunRecord; file: string; stderr: string }> {
  const { code, stdout, stderr } = await startChaos(
    'run',
    scenario,
    '--name',
    LAB,
    '--json',
    '--reports',
    REPORTS,
  ).ended;
  if (stdout === '') throw new Error(`no record, exit ${code}:\n${stderr}`);
  const file = /^Record: (.*)$/m.exec(stderr)?.[1] ?? '';
  return { code, record: JSON.parse(stdout) as RunRecord, file, stderr };
}

/** Where a suite keeps the runs that several of its tests look at. */
const SHARED = process.env.CHAOS_TEST_RUNS;

/** The run of a scenario that comes with chaos: the one of this suite where one has passed already. */
export async function sharedRun(scenario: string): ReturnType<typeof runScenario> {
  const kept = SHARED && join(SHARED, `${scenario}.json`);
  if (kept && existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8'));
  const run = await runScenario(scenario);
  if (kept && run.code === 0) writeFileSync(kept, JSON.stringify(run));
  return run;
}

export async function docker(...args: string[]): Promise<Ended> {
  return await start('docker', args).ended;
}
