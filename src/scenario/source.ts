import { isMap, isScalar, LineCounter, type Node, parseDocument, visit } from 'yaml';
import { messageOf, type Problem } from '../core/errors.ts';
import { problemAt, type Source } from './positions.ts';

/** What a file is, in the sentences about one that is something else. */
export interface FileKind {
  /** `a scenario` */
  called: string;
  /** The key it usually begins with. */
  begins: string;
}

const SCENARIO: FileKind = { called: 'a scenario', begins: 'name:' };

/** A scenario nests five deep; a YAML bomb needs many aliases. */
const MOST_ALIASES = 50;

/**
 * Reads a YAML text. `plain` is its value, free of cycles, where there is one; otherwise there is a problem.
 * Duplicate keys are looked for here, as the parser's own search is quadratic.
 */
export function openSource(
  given: string,
  file: string,
  { called, begins }: FileKind = SCENARIO,
): { source: Source; plain?: object; problems: Problem[] } {
  const text = given.replace(/^\u{feff}/u, '');
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    version: '1.2',
    prettyErrors: false,
  });
  const source: Source = { file, text, document, lines };
  const faults = [...document.errors, ...document.warnings];
  const problems = faults.map(({ pos, message }) => problemAt(source, pos[0], yamlMessage(message, called)));
  if (problems.some(({ message }) => message === TOO_DEEP)) {
    return { source, problems: problems.filter(({ message }) => message === TOO_DEEP).slice(0, 1) };
  }
  if (problems.length > 0) return { source, problems };
  if (!isMap(document.contents)) {
    return {
      source,
      problems: [problemAt(source, 0, `${called} is a YAML mapping that begins with ${begins}`)],
    };
  }
  try {
    const found = structureProblems(source);
    if (found.length > 0) return { source, problems: found };
    return { source, plain: document.toJS({ maxAliasCount: MOST_ALIASES }), problems: [] };
  } catch (error) {
    return { source, problems: [problemAt(source, 0, yamlMessage(messageOf(error), called))] };
  }
}

/** Keys that stand twice in their mapping, and aliases that lead nowhere, to themselves, or are too many. */
function structureProblems(source: Source): Problem[] {
  const problems: Problem[] = [];
  let aliases = 0;
  const complain = (node: Node | null, message: string) =>
    problems.push(problemAt(source, node?.range?.[0] ?? 0, message));
  visit(source.document, {
    Map(_, map) {
      const seen = new Set<string>();
      for (const { key } of map.items) {
        const word = isScalar(key) ? String(key.value) : undefined;
        if (word !== undefined && seen.has(word)) complain(key as Node, 'this key stands here twice');
        if (word !== undefined) seen.add(word);
      }
    },
    Alias(_, alias, above) {
      aliases += 1;
      if (aliases > MOST_ALIASES) {
        complain(alias, `more than ${MOST_ALIASES} aliases; write it out`);
        return visit.BREAK;
      }
      const target = alias.resolve(source.document);
      if (!target) complain(alias, `nothing is called &${alias.source}`);
      else if (above.includes(target)) complain(alias, `&${alias.source} contains itself`);
      return undefined;
    },
  });
  return problems;
}

const TOO_DEEP = 'nested too deeply';

function yamlMessage(message: string, called: string): string {
  if (message.includes('Maximum call stack')) return TOO_DEEP;
  if (message.includes('multiple documents')) return `${called} is one YAML document: no second ---`;
  if (message.includes('Excessive alias count')) return 'these aliases stand for too much; write it out';
  return `no valid YAML: ${message}`;
}
