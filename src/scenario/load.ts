import { ChaosError, messageOf, type Problem } from '../core/errors.ts';
import { problemAt } from '../core/positions.ts';
import { inOrder } from '../core/problems.ts';
import { readText } from '../core/read-file.ts';
import { meant } from '../core/suggest.ts';
import { openSource } from '../core/yaml-source.ts';
import { checkMeaning } from './check.ts';
import { listScenarioFiles } from './find.ts';
import { problemsOf } from './problems.ts';
import type { Known } from './rough.ts';
import type { Scenario } from './scenario.ts';
import { scenarioSchema } from './schema.ts';
import { toScenario } from './to-scenario.ts';

const SCENARIO = { called: 'a scenario', begins: 'name:' };

/**
 * Reads one scenario file.
 * @throws ChaosError `bad-file` with every problem of the file, in the order of its lines
 */
export function loadScenario(file: string, known: Known): Scenario {
  const { scenario, problems } = readFile(file, known);
  if (scenario) return scenario;
  throw new ChaosError('bad-file', `${file} is no scenario that can be run.`, { problems });
}

/**
 * Reads scenario files and finds every problem of all of them, in the order of the files and of their lines. A
 * file that cannot be read is a problem of its first line, so that the others are checked all the same.
 */
export function checkScenarios(
  files: readonly string[],
  known: Known,
): { scenarios: Scenario[]; problems: Problem[] } {
  const read = files.map((file) => readFile(file, known));
  return {
    scenarios: read.flatMap(({ scenario }) => (scenario ? [scenario] : [])),
    problems: read.flatMap(({ problems }) => problems),
  };
}

/** Reads one scenario's text; either a scenario or at least one problem comes back. */
export function readScenario(
  text: string,
  file: string,
  known: Known,
): { scenario?: Scenario; problems: Problem[] } {
  const { source, plain, problems: broken } = openSource(text, file, SCENARIO);
  if (!plain) return { problems: inOrder(broken) };
  const parsed = scenarioSchema.safeParse(plain);
  // What the schema cannot see is checked all the same, as far as the file goes, so that nothing is told later.
  const problems = [
    ...problemsOf(source, plain, parsed.error?.issues ?? []),
    ...checkMeaning(source, plain, known),
  ];
  if (parsed.success && problems.length === 0)
    return { scenario: toScenario(parsed.data, source, known), problems };
  // Never a refusal without a reason, should every issue have been taken for the echo of another.
  if (problems.length === 0) problems.push(problemAt(source, 0, messageOf(parsed.error)));
  return { problems: inOrder(problems) };
}

function readFile(file: string, known: Known): { scenario?: Scenario; problems: Problem[] } {
  const read = readText(file, SCENARIO.called, {
    instead: () => {
      const nearest = meant(file, listScenarioFiles());
      return nearest && `did you mean ${nearest}?`;
    },
  });
  return 'text' in read ? readScenario(read.text, file, known) : { problems: [read.problem] };
}
