import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ChaosError } from '../core/errors.ts';
import { GAMEDAYS_DIR, STACK_DIR } from '../core/paths.ts';
import { visible } from '../core/visible.ts';
import { loadSchedule } from '../gameday/read.ts';
import type { Schedule } from '../gameday/schedule.ts';
import { loadConfig } from '../scenario/config.ts';
import { knownFromStack } from '../scenario/known.ts';
import { resolveScenarios } from './scenarios.ts';

/** The file behind a word: one of the current folder's `gamedays`, then one of ours; a path is taken as it is. */
export function findGameday(word: string): string {
  if (/[/\\]|\.ya?ml$/.test(word)) return word;
  const found = [join(process.cwd(), 'gamedays'), GAMEDAYS_DIR]
    .map((dir) => join(dir, `${word}.yaml`))
    .find((file) => existsSync(file));
  if (found) return found;
  throw new ChaosError('usage', `There is no game day called ${visible(word)}.`, {
    hint: 'name its file; docs/gameday.md says how one is written',
  });
}

/** Whether a file is a game day's and no scenario: it has a `schedule:` where a scenario has its timeline. */
export function isGameday(file: string): boolean {
  try {
    return statSync(file).size < 1024 * 1024 && /^schedule:/m.test(readFileSync(file, 'utf8'));
  } catch {
    return false;
  }
}

/** Reads a game day against the lab's services and alerts; its problems, where there are any, are for the caller. */
export function readGameday(file: string, configFile?: string) {
  const { config } = loadConfig(configFile);
  return loadSchedule(file, { ...knownFromStack(STACK_DIR), allowed: config?.allow.urls });
}

/** @throws ChaosError `bad-file` with every problem of the schedule and of the scenarios that it names */
export function resolveGameday(file: string, configFile?: string): Schedule {
  const { schedule, problems } = readGameday(file, configFile);
  // Throws for what is wrong, in the configuration too.
  resolveScenarios([], { config: configFile, found: problems });
  return schedule!;
}
