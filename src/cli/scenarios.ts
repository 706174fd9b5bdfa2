import { ChaosError, type Problem } from '../core/errors.ts';
import { STACK_DIR } from '../core/paths.ts';
import { loadConfig } from '../scenario/config.ts';
import { findScenario, listScenarioFiles } from '../scenario/find.ts';
import { knownFromStack } from '../scenario/known.ts';
import { checkScenarios } from '../scenario/load.ts';
import type { Known } from '../scenario/rough.ts';
import type { Scenario } from '../scenario/scenario.ts';

interface Against {
  /** The configuration file as the user named it; else that of the working directory, if there is one. */
  config?: string | undefined;
  /** What they are checked against; by default the lab's services and alerts. */
  known?: Known;
  /** Problems of other files, to be told together with those of the scenarios. */
  found?: readonly Problem[];
}

/**
 * The scenarios behind what the user wrote: names, files, or `all`.
 * @throws ChaosError with every problem of every file at once
 */
export function resolveScenarios(
  words: readonly string[],
  { config: configFile, known = knownFromStack(STACK_DIR), found = [] }: Against = {},
): Scenario[] {
  const { config, problems: misconfigured } = loadConfig(configFile);
  const files = words.flatMap((word) => (word === 'all' ? listScenarioFiles() : [findScenario(word)]));
  const checked = checkScenarios([...new Set(files)], { ...known, allowed: config?.allow.urls });
  const problems = [...misconfigured, ...found, ...checked.problems];
  if (problems.length > 0) {
    const count = problems.length === 1 ? 'One problem' : `${problems.length} problems`;
    throw new ChaosError('bad-file', `${count}; nothing was touched.`, { problems });
  }
  return checked.scenarios;
}
