import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { isMap, LineCounter, parseDocument } from 'yaml';
import { parseDuration } from '../core/duration.ts';
import { ChaosError, messageOf, type Problem } from '../core/errors.ts';
import type { LoadStage } from '../load/load.ts';
import { checkMeaning, type Known } from './check.ts';
import { keysAt } from './keys.ts';
import { problemAt, problemsOf, type Source } from './problems.ts';
import type { LoadSpec, Scenario, Step } from './scenario.ts';
import { type ScenarioFile, scenarioSchema } from './schema.ts';

/** A scenario of this size is no scenario; it would only be slow to refuse. */
const MOST_BYTES = 1024 * 1024;

/** A scenario nests five deep; a YAML bomb needs many aliases. */
const MOST_ALIASES = 50;

/**
 * Reads scenario files and finds every problem of all of them, in the order of the files and of their lines.
 * @throws ChaosError `bad-file` where a file cannot be read at all
 */
export function checkScenarios(
  files: readonly string[],
  known: Known,
): { scenarios: Scenario[]; problems: Problem[] } {
  const read = files.map((file) => readScenario(readText(file), file, known));
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
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: true,
    version: '1.2',
    prettyErrors: false,
  });
  const source: Source = { file, text, document, lines };
  if (document.errors.length > 0) {
    return {
      problems: document.errors.map((error) => problemAt(source, error.pos[0], yamlMessage(error.message))),
    };
  }
  if (!isMap(document.contents)) {
    return { problems: [problemAt(source, 0, 'a scenario is a YAML mapping that begins with name:')] };
  }
  let plain: unknown;
  try {
    plain = document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (error) {
    return { problems: [problemAt(source, 0, `this YAML cannot be read: ${messageOf(error)}`)] };
  }
  const parsed = scenarioSchema.safeParse(plain);
  if (!parsed.success) {
    // What the schema cannot see is checked all the same, as far as the file goes, so that nothing is told later.
    return {
      problems: inOrder([
        ...problemsOf(source, parsed.error.issues, keysAt),
        ...checkMeaning(source, plain, known),
      ]),
    };
  }
  const problems = checkMeaning(source, plain, known);
  const name = basename(file).replace(/\.ya?ml$/, '');
  if (name !== parsed.data.name) {
    problems.push(
      problemAt(
        source,
        nameOffset(source),
        `name: ${parsed.data.name} is not the file's name`,
        `call it ${name}, or the file ${parsed.data.name}.yaml`,
      ),
    );
  }
  return problems.length > 0
    ? { problems: inOrder(problems) }
    : { scenario: toScenario(parsed.data, source), problems };
}

function readText(file: string): string {
  try {
    const { size } = statSync(file);
    if (size > MOST_BYTES)
      throw new ChaosError(
        'bad-file',
        `${file} has ${Math.round(size / 1024)} KiB; a scenario has at most ${MOST_BYTES / 1024}.`,
      );
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof ChaosError) throw error;
    throw new ChaosError('bad-file', `${file} cannot be read: ${messageOf(error)}.`, { cause: error });
  }
}

/** By place; of several complaints about one place the first is enough where they say the same. */
function inOrder(problems: Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems
    .filter(({ line, column, message }) => {
      const key = `${line}:${column}:${message}`;
      return !seen.has(key) && seen.add(key);
    })
    .sort((a, b) => a.line - b.line || a.column - b.column);
}

function yamlMessage(message: string): string {
  return message === 'Map keys must be unique' ? 'this key stands here twice' : `no valid YAML: ${message}`;
}

function nameOffset({ document }: Source): number {
  return (document.get('name', true) as { range?: [number] } | undefined)?.range?.[0] ?? 0;
}

function toScenario(file: ScenarioFile, source: Source): Scenario {
  const timeline = file.timeline
    .map((step, index) => toStep(step, index, source))
    .sort((a, b) => a.atMs - b.atMs);
  const at = (index: number) => place(source, ['expect', index]);
  const scenario: Scenario = {
    file: source.file,
    name: file.name,
    title: file.title,
    about: file.about,
    baselineMs: ms(file.baseline),
    timeline,
    expect: file.expect.map(({ alert, labels, because, within, weight, resolves }, index) => ({
      alert,
      labels,
      because: because ?? timeline[0]!.id,
      ...(within === undefined ? {} : { withinMs: ms(within) }),
      weight,
      resolves,
      at: at(index),
    })),
    tolerate: file.tolerate,
    watchMs: file.watch === undefined ? 0 : ms(file.watch),
    stopWhen: [file.stop_when].flat(),
    pass: file.pass,
  };
  if (file.traffic) scenario.traffic = background(file.traffic);
  return scenario;
}

function toStep(step: ScenarioFile['timeline'][number], index: number, source: Source): Step {
  const base = { atMs: ms(step.at), at: place(source, ['timeline', index]) };
  if (step.fault) {
    const { type, for: forText, ...fields } = step.fault as { type: string; for: string };
    return { kind: 'fault', id: step.id ?? type, type, fields, forMs: ms(forText), ...base };
  }
  const { stages, ...asked } = step.load!;
  const load: LoadSpec = { model: 'closed', requests: requestsOf(asked), stages: stages.map(toStage) };
  return { kind: 'load', id: step.id ?? 'load', load, ...base };
}

function background({ connections, ...asked }: NonNullable<ScenarioFile['traffic']>): LoadSpec {
  return {
    model: 'closed',
    requests: requestsOf(asked),
    stages: [{ to: connections, overMs: 0 }, { holdMs: Number.POSITIVE_INFINITY }],
  };
}

function requestsOf({
  url,
  requests,
}: {
  url?: string | undefined;
  requests?: LoadSpec['requests'] | undefined;
}): LoadSpec['requests'] {
  return requests ?? [{ method: 'GET', url: url! }];
}

function toStage(stage: { to: number; over: string } | { hold: string }): LoadStage {
  return 'to' in stage ? { to: stage.to, overMs: ms(stage.over) } : { holdMs: ms(stage.hold) };
}

function place(source: Source, path: (string | number)[]) {
  const { file, line, column } = problemAt(
    source,
    (source.document.getIn(path, true) as { range?: [number] })?.range?.[0] ?? 0,
    '',
  );
  return { file, line, column };
}

/** Of a text the schema has already let through. */
function ms(text: string): number {
  return parseDuration(text) ?? 0;
}
