import { ChaosError } from '../core/errors.ts';
import { findScenario, listScenarioFiles } from '../scenario/find.ts';
import { knownFromStack } from '../scenario/known.ts';
import { checkScenarios } from '../scenario/load.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { STACK_DIR } from '../stack/paths.ts';

/**
 * The scenarios behind what the user wrote: names, files, or `all`.
 * @throws ChaosError with every problem of every file at once
 */
export function resolveScenarios(words: readonly string[]): Scenario[] {
  const files = words.flatMap((word) => (word === 'all' ? listScenarioFiles() : [findScenario(word)]));
  const { scenarios, problems } = checkScenarios([...new Set(files)], knownFromStack(STACK_DIR));
  if (problems.length > 0) {
    const count = problems.length === 1 ? 'One problem' : `${problems.length} problems`;
    throw new ChaosError('bad-file', `${count}; nothing was touched.`, { problems });
  }
  return scenarios;
}
