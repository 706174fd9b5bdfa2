import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ChaosError, messageOf } from '../core/errors.ts';
import { PACKAGE_DIR, STACK_DIR } from '../core/paths.ts';
import { didYouMean } from '../core/suggest.ts';
import { FAULTS, findFault } from '../faults/index.ts';
import { knownFromStack } from '../scenario/known.ts';
import { readScenario } from '../scenario/load.ts';
import { template } from '../scenario/template.ts';

interface Wanted {
  name: string;
  type: string;
  target: string | undefined;
  alert: string | undefined;
}

/**
 * Writes a new scenario into the current folder's `scenarios/`, and says where.
 * @throws ChaosError `usage` for a fault that there is not, a file that there is, or `bad-file` for a target or an alert
 *   that the lab does not have
 */
export function writeDraft({ name, type, target, alert }: Wanted): string {
  const fault = findFault(type);
  if (!fault) {
    const types = FAULTS.map((one) => one.type);
    throw new ChaosError('usage', `There is no fault called ${type}.`, {
      hint: didYouMean(type, types) ?? `one of: ${types.join(', ')}`,
    });
  }
  const file = join('scenarios', `${name}.yaml`);
  const schema = relative('scenarios', join(PACKAGE_DIR, 'docs/scenario.schema.json'));
  const text = template({ name, fault, target, alert, schema });
  const { problems } = readScenario(text, file, knownFromStack(STACK_DIR));
  if (problems.length > 0) throw new ChaosError('bad-file', `${file} was not written.`, { problems });
  try {
    mkdirSync('scenarios', { recursive: true });
    writeFileSync(file, text, { flag: 'wx' });
  } catch (error) {
    const there = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw new ChaosError(
      'usage',
      there ? `${file} is there already.` : `${file} could not be written: ${messageOf(error)}.`,
      { cause: error, hint: 'name it another way' },
    );
  }
  return file;
}
