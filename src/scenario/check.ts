import { basename } from 'node:path';
import type { Problem } from '../core/errors.ts';
import { labelKey } from '../core/labels.ts';
import { type Path, problemAtKey, problemIn, type Source } from '../core/positions.ts';
import { didYouMean, isMisspelt } from '../core/suggest.ts';
import { asText } from '../core/visible.ts';
import { syntaxErrors } from '../rules/promql.ts';
import { checkOverlaps, checkTargets } from './check-faults.ts';
import { checkAsked, checkLength, checkModel } from './check-load.ts';
import { keysAt } from './keys.ts';
import { type Complain, type Known, list, type Rough, rough } from './rough.ts';
import { MOST_ENTRIES } from './schema.ts';

/**
 * What no schema can see: ids, references, names of the stack. Works on a file of any shape, so that these
 * problems are told together with those of the schema; what is missing only because its key is misspelt is left
 * to the schema.
 */
export function checkMeaning(source: Source, plain: object, known: Known): Problem[] {
  const problems: Problem[] = [];
  const complain: Complain = (path, message, hint) => problems.push(problemIn(source, path, message, hint));
  const file = plain as Rough;
  const steps = list(file.timeline).map(rough);
  const expected = list(file.expect).map(rough);

  checkName(file.name, source.file, complain);
  if (file.traffic !== undefined)
    checkAsked(rough(file.traffic), ['traffic'], keysAt(['traffic'], file), known, complain);
  list(file.timeline).forEach((step, index) => {
    if (step instanceof Object) checkStep(step as Rough, ['timeline', index], file, known, complain);
  });
  checkOverlaps(steps, complain);
  checkLength(steps, complain);

  const ids = steps.map(idOf);
  ids.forEach((id, index) => {
    if (ids.indexOf(id) === index) return;
    const at: Path = ['timeline', index, ...(steps[index]!.id === undefined ? [] : ['id'])];
    complain(at, `there is a step called ${id} already`, 'give each an id: of its own');
  });
  const idsAreSure =
    !isMisspelt('timeline', file, keysAt([], file)) &&
    !steps.some((step, index) => isMisspelt('id', step, keysAt(['timeline', index], file)));
  expected.forEach((one, index) => {
    const at: Path = ['expect', index];
    checkAlert(one, at, known, complain);
    if (idsAreSure && !isMisspelt('because', one, keysAt(at, file)))
      checkBecause(one.because, at, ids, complain);
  });
  if (expected.length === 0 && file.watch === undefined && !isMisspeltAny(['expect', 'watch'], file))
    complain(
      ['expect'],
      'where nothing is expected there must be a watch:',
      'e.g. watch: 5m, for a run in which nothing may fire',
    );
  checkTolerated(file, expected, known, complain);
  for (const key of ['expect', 'tolerate']) {
    list(file[key]).forEach((one, index) => {
      problems.push(...labelProblems(source, rough(one), [key, index]));
    });
  }
  [file.stop_when].flat().forEach((expression, index) => {
    if (typeof expression === 'string' && (!expression.trim() || syntaxErrors(expression).length > 0))
      complain(Array.isArray(file.stop_when) ? ['stop_when', index] : ['stop_when'], 'this is no PromQL');
  });
  return problems;
}

function checkName(name: unknown, file: string, complain: Complain): void {
  const called = basename(file).replace(/\.ya?ml$/, '');
  if (typeof name === 'string' && name !== called)
    complain(['name'], `name: ${name} is not the file's name`, `call it ${called}, or the file ${name}.yaml`);
}

function checkStep(step: Rough, path: Path, file: Rough, known: Known, complain: Complain): void {
  const keys = keysAt(path, file);
  const misspelt = isMisspelt('load', step, keys) || isMisspelt('fault', step, keys);
  if ((step.load === undefined) === (step.fault === undefined) && !misspelt)
    complain(path, 'a step has either load: or fault:');
  if (step.load !== undefined) {
    const at: Path = [...path, 'load'];
    const load = rough(step.load);
    checkAsked(load, at, keysAt(at, file), known, complain);
    checkModel(load, at, complain);
  }
  if (step.fault !== undefined) checkTargets(rough(step.fault), [...path, 'fault'], known, complain);
}

/** Labels that begin with __ never leave Prometheus. */
function labelProblems(source: Source, { labels }: Rough, path: Path): Problem[] {
  return Object.keys(rough(labels))
    .filter((label) => !/^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/.test(label))
    .slice(0, MOST_ENTRIES)
    .map((label) => problemAtKey(source, [...path, 'labels'], label, `no alert has a label called ${label}`));
}

function checkAlert({ alert }: Rough, path: Path, { alerts }: Known, complain: Complain): void {
  if (typeof alert === 'string' && alerts && !alerts.includes(alert))
    complain([...path, 'alert'], `unknown alert ${alert}`, didYouMean(alert, alerts));
}

function checkBecause(because: unknown, path: Path, ids: readonly string[], complain: Complain): void {
  if (ids.length === 0) complain(path, 'there is no step that could raise it');
  else if (because === undefined && ids.length > 1)
    complain(path, 'which step should raise it?', `because: ${[...new Set(ids)].join(', or because: ')}`);
  else if (typeof because === 'string' && !ids.includes(because))
    complain([...path, 'because'], `no step is called ${because}`, didYouMean(because, ids));
}

function checkTolerated(file: Rough, expected: readonly Rough[], known: Known, complain: Complain): void {
  const key = ({ alert, labels }: Rough) =>
    `${asText(alert)} ${labelKey(rough(labels) as Record<string, string>)}`;
  const wanted = new Set(expected.map(key));
  list(file.tolerate).forEach((given, index) => {
    const one = rough(given);
    checkAlert(one, ['tolerate', index], known, complain);
    if (one.alert !== undefined && wanted.has(key(one)))
      complain(
        ['tolerate', index],
        `${asText(one.alert)} is expected and tolerated at once`,
        'leave one of the two out',
      );
  });
}

function isMisspeltAny(keys: readonly string[], file: Rough): boolean {
  const known = keysAt([], file);
  return keys.some((key) => isMisspelt(key, file, known));
}

function idOf(step: Rough): string {
  return asText(step.id ?? rough(step.fault).type ?? 'load');
}
