import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { formatDuration } from '../core/duration.ts';
import { ChaosError, messageOf } from '../core/errors.ts';
import { parseRules, type RuleSet, tangles } from '../rules/rule-files.ts';
import type { Evidence } from '../run/record.ts';
import { atSpeed, type ConfigFile } from '../stack/speed.ts';

/** Where speed.ts looks for rules. */
const RULES = 'prometheus/rules';

/**
 * The rule files of a folder, as they are written at speed 1.
 * @throws ChaosError `usage` where there are none
 */
export function readRulesDir(dir: string): ConfigFile[] {
  try {
    const names = statSync(dir).isDirectory() ? readdirSync(dir) : [basename(dir)];
    const folder = statSync(dir).isDirectory() ? dir : dirname(dir);
    const files = names.filter((name) => /\.ya?ml$/.test(name)).sort();
    if (files.length === 0) throw new Error('no .yml file is in it');
    return files.map((name) => ({
      path: `${RULES}/${name}`,
      text: readFileSync(join(folder, name), 'utf8'),
    }));
  } catch (error) {
    throw new ChaosError('usage', `There are no rules in ${dir}: ${messageOf(error)}.`, { cause: error });
  }
}

/**
 * Rules as a run would have had them: brought to its lab's speed, and in the interval of its Prometheus where their
 * groups have none.
 * @throws ChaosError `bad-file` with every mistake, `usage` where a window is too short for the run's scrapes
 */
export function rulesAtSpeed(
  files: readonly ConfigFile[],
  { speed, cadence }: Pick<Evidence, 'speed' | 'cadence'>,
): Evidence['rules'] {
  // The run's own settings, at speed 1 as the rules are, so that windows are held against its scrapes.
  const settings = {
    scrape_interval: cadence.scrapeMs,
    scrape_timeout: cadence.scrapeTimeoutMs,
    evaluation_interval: cadence.evaluationMs,
  };
  const global = Object.entries(settings).map(([key, ms]) => `  ${key}: ${formatDuration(ms * speed)}`);
  const config = { path: 'prometheus/prometheus.yml', text: `global:\n${global.join('\n')}\n` };
  // As they are written, so that the places are those of the files.
  readRules(files);
  const read = readRules(atSpeed([config, ...files], speed).files.filter(({ path }) => path !== config.path));
  const inForce = <T extends { intervalMs?: number | undefined }>(rule: T) => ({
    ...rule,
    intervalMs: rule.intervalMs ?? cadence.evaluationMs,
  });
  return {
    alerts: read.flatMap(({ alerts }) => alerts.map(inForce)),
    recordings: read.flatMap(({ recordings }) => recordings.map(inForce)),
  };
}

function readRules(files: readonly ConfigFile[]): RuleSet[] {
  const read = files.map(({ path, text }) => parseRules(text, path));
  const all = {
    alerts: read.flatMap(({ alerts }) => alerts),
    recordings: read.flatMap(({ recordings }) => recordings),
  };
  const problems = [...read.flatMap((set) => set.problems), ...tangles(all)];
  if (problems.length > 0) throw new ChaosError('bad-file', 'The rules have mistakes.', { problems });
  return read;
}
