import {
  type Alias,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  LineCounter,
  type Node,
  parseDocument,
  visit,
  type YAMLMap,
} from 'yaml';
import { messageOf, type Problem } from './errors.ts';
import { problemAt, type Source } from './positions.ts';

/** What a file is, in the sentences about one that is something else, and how it is read. */
export interface FileKind {
  /** `a scenario` */
  called: string;
  /** The key it usually begins with. */
  begins: string;
  /** It is another program's file: merge keys count, unknown tags are let through, anchors may be used often. */
  foreign?: boolean;
}

/** A scenario nests five deep; a YAML bomb needs many aliases. */
const MOST_ALIASES = 50;
/** In the files of others an anchor may stand for what every rule has. */
const MOST_FOREIGN_ALIASES = 10_000;
/** Mappings and lists in each other. A routing tree that was written by hand has ten. */
const DEEPEST = 100;

/**
 * Reads a YAML text. `plain` is its value, free of cycles, where there is one; otherwise there is a problem.
 * Duplicate keys are looked for here, as the parser's own search is quadratic.
 */
export function openSource(
  given: string,
  file: string,
  { called, begins, foreign = false }: FileKind,
): { source: Source; plain?: object; problems: Problem[] } {
  const text = given.replace(/^\u{feff}/u, '');
  const lines = new LineCounter();
  const document = parseDocument(text, {
    lineCounter: lines,
    uniqueKeys: false,
    version: '1.2',
    merge: foreign,
    prettyErrors: false,
  });
  const source: Source = { file, text, document, lines, targets: new Map() };
  const faults = [...document.errors, ...(foreign ? [] : document.warnings)];
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
  const mostAliases = foreign ? MOST_FOREIGN_ALIASES : MOST_ALIASES;
  try {
    const found = structureProblems(source, mostAliases);
    if (found.length > 0) return { source, problems: found };
    return { source, plain: document.toJS({ maxAliasCount: mostAliases }), problems: [] };
  } catch (error) {
    return { source, problems: [problemAt(source, 0, yamlMessage(messageOf(error), called))] };
  }
}

/**
 * Keys that stand twice in their mapping, what nests too deeply, and aliases that lead nowhere, to themselves, or are
 * too many. Puts into the source what each alias stands for.
 */
function structureProblems({ document, targets, ...lines }: Source, mostAliases: number): Problem[] {
  const problems: Problem[] = [];
  const anchors = new Map<string, Node>();
  let aliases = 0;
  let inner = 0;
  const complain = (node: Node | null, message: string) =>
    problems.push(problemAt(lines, node?.range?.[0] ?? 0, message));
  const follow = (alias: Alias, above: readonly unknown[]) => {
    const target = anchors.get(alias.source);
    if (!target) complain(alias, `nothing is called &${alias.source}`);
    else if (above.includes(target)) complain(alias, `&${alias.source} contains itself`);
    else targets.set(alias, target);
    aliases += 1;
    // Of aliases in what is anchored a bomb is made, and the parser looks through the whole file for each.
    if (above.some((node) => isCollection(node) && node.anchor)) inner += 1;
    if (aliases <= mostAliases && inner <= MOST_ALIASES) return undefined;
    complain(alias, `more than ${inner > MOST_ALIASES ? MOST_ALIASES : mostAliases} aliases; write it out`);
    return visit.BREAK;
  };
  visit(document, {
    Node(_, node, above) {
      if (isAlias(node)) return follow(node, above);
      if (node.anchor) anchors.set(node.anchor, node);
      // Between two mappings there is a pair as well.
      if (isCollection(node) && above.length > 2 * DEEPEST) {
        complain(node, TOO_DEEP);
        return visit.BREAK;
      }
      if (isMap(node)) for (const key of repeated(node)) complain(key, 'this key stands here twice');
      return undefined;
    },
  });
  return problems;
}

function repeated({ items }: YAMLMap): Node[] {
  const seen = new Set<string>();
  return items.flatMap(({ key }) => {
    if (!isScalar(key)) return [];
    const word = String(key.value);
    if (seen.has(word)) return [key];
    seen.add(word);
    return [];
  });
}

const TOO_DEEP = 'nested too deeply';

function yamlMessage(message: string, called: string): string {
  if (message.includes('Maximum call stack')) return TOO_DEEP;
  if (message.includes('multiple documents')) return `${called} is one YAML document: no second ---`;
  if (message.includes('Excessive alias count')) return 'these aliases stand for too much; write it out';
  return `no valid YAML: ${message}`;
}
