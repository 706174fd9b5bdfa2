import { ChaosError, type Problem } from '../core/errors.ts';
import { STACK_DIR } from '../core/paths.ts';
import { findScenario, listScenarioFiles } from '../scenario/find.ts';
import { knownFromStack } from '../scenario/known.ts';
import { checkScenarios } from '../scenario/load.ts';
import type { Known } from '../scenario/rough.ts';
import type { Scenario } from '../scenario/scenario.ts';

/**
 * The scenarios behind what the user wrote: names, files, or `all`.
 * @param known what they are checked against; by default the lab's services and alerts
 * @param found problems of other files, to be told together with those of the scenarios
 * @throws ChaosError with every problem of every file at once
 */
export function resolveScenarios(
  words: readonly string[],
  known: Known = knownFromStack(STACK_DIR),
  found: readonly Problem[] = [],
): Scenario[] {
  const files = words.flatMap((word) => (word === 'all' ? listScenarioFiles() : [findScenario(word)]));
  const checked = checkScenarios([...new Set(files)], known);
  const problems = [...found, ...checked.problems];
  if (problems.length > 0) {
    const count = problems.length === 1 ? 'One problem' : `${problems.length} problems`;
    throw new ChaosError('bad-file', `${count}; nothing was touched.`, { problems });
  }
  return checked.scenarios;
}
