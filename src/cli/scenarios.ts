import { ChaosError } from '../core/errors.ts';
import { STACK_DIR } from '../core/paths.ts';
import type { RuleSet } from '../rules/rule-files.ts';
import { findScenario, listScenarioFiles } from '../scenario/find.ts';
import { knownFromStack } from '../scenario/known.ts';
import { checkScenarios } from '../scenario/load.ts';
import type { Scenario } from '../scenario/scenario.ts';

/**
 * The scenarios behind what the user wrote: names, files, or `all`.
 * @param rules those of the lab, where they have been read
 * @throws ChaosError with every problem of every file at once
 */
export function resolveScenarios(words: readonly string[], rules?: RuleSet): Scenario[] {
  const files = words.flatMap((word) => (word === 'all' ? listScenarioFiles() : [findScenario(word)]));
  const { scenarios, problems } = checkScenarios([...new Set(files)], knownFromStack(STACK_DIR, rules));
  if (problems.length > 0) {
    const count = problems.length === 1 ? 'One problem' : `${problems.length} problems`;
    throw new ChaosError('bad-file', `${count}; nothing was touched.`, { problems });
  }
  return scenarios;
}
