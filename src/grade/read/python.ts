import type { SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@lezer/python';
import type { Problem } from '../../core/errors.ts';
import { children } from '../../rules/tree.ts';

/** A metric as a program declares it with prometheus_client. */
export interface DeclaredMetric {
  name: string;
  type: 'counter' | 'gauge' | 'histogram' | 'summary';
  /** Undefined where the program computes them. */
  labels: string[] | undefined;
  /** Undefined where it has none of its own, or computes them. */
  buckets: number[] | undefined;
  file: string;
  line: number;
}

/** What a program's text shows, without being run. */
export interface Program {
  file: string;
  metrics: DeclaredMetric[];
  /** Where a label is given the path of the request as the client wrote it. */
  rawPaths: number[];
  /** Where every request is counted, undefined where none is in a hook of Flask. */
  counts: number | undefined;
  /** Whether `/metrics` stands anywhere but in the address of a route, as it does where it is left out of the counting. */
  namesMetrics: boolean;
}

const TYPES = ['Counter', 'Gauge', 'Histogram', 'Summary'];
const RAW_PATH = /^request\.(path|full_path|url|base_url)$/;
/** What a parser's recursion is left alone with. */
const LONGEST = 256 * 1024;

/** Reads a program in Python by its syntax tree. What cannot be read is a problem, and the rest is still read. */
export function readPython(text: string, file: string): { program: Program; problems: Problem[] } {
  const program: Program = { file, metrics: [], rawPaths: [], counts: undefined, namesMetrics: false };
  const problems: Problem[] = [];
  const complain = (line: number, message: string) => problems.push({ file, line, column: 1, message });
  if (text.length > LONGEST) {
    complain(1, `a program of more than ${LONGEST / 1024} KiB is not read`);
    return { program, problems };
  }
  const tree = treeOf(text);
  if (!tree) {
    complain(1, 'nested too deeply');
    return { program, problems };
  }
  const lineOf = countingLines(text);
  const tainted = new Set<string>();
  tree.iterate({
    enter: ({ name, node, type }) => {
      // Only the first: what follows is guesswork of the parser.
      // lezer's grammar has no `yield` without a value.
      const bareYield = node.parent?.name === 'YieldStatement' && node.from === node.to;
      if (type.isError && !bareYield && problems.length === 0)
        complain(lineOf(node.from), 'this is no Python');
      const words = text.slice(node.from, node.to);
      if (name === 'AssignStatement') {
        const [target] = children(node);
        const given = words.slice(words.indexOf('=') + 1).trim();
        // `path = request.path`, but not what asks something of it.
        if (target?.name === 'VariableName' && RAW_PATH.test(given))
          tainted.add(text.slice(target.from, target.to));
      }
      if (name === 'String' && /^["']\/metrics\/?["']$/.test(words) && !isRoute(node))
        program.namesMetrics = true;
      if (name === 'Decorator' && /^@[\w.]+\.(after_request|before_request)\b/.test(words))
        program.counts ??= lineOf(node.from);
      if (name !== 'CallExpression') return;
      const metric = metricOf(node, text);
      if (metric) program.metrics.push({ ...metric, file, line: lineOf(node.from) });
      // As it is: what a function makes of it may well have an end.
      const raw = labelsGiven(node, text).some((given) => RAW_PATH.test(given) || tainted.has(given));
      if (raw) program.rawPaths.push(lineOf(node.from));
    },
  });
  return { program, problems };
}

/** Undefined for what nests so deeply that lezer, which calls itself to copy it, does not come back. */
function treeOf(text: string): Tree | undefined {
  try {
    return parser.parse(text);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** The line of an offset, for offsets that only grow: what is counted is not counted again. */
function countingLines(text: string): (at: number) => number {
  let seen = 0;
  let line = 1;
  return (at) => {
    for (; seen < at; seen++) if (text[seen] === '\n') line += 1;
    return line;
  };
}

/** What stands in the parentheses of `X.labels(…)`, with or without the labels' names; nothing for any other call. */
function labelsGiven(call: SyntaxNode, text: string): string[] {
  const callee = call.firstChild;
  const list = call.getChild('ArgList');
  if (callee?.name !== 'MemberExpression' || !list) return [];
  if (!/\.\s*labels$/.test(text.slice(callee.from, callee.to))) return [];
  return children(list).map(({ from, to }) => text.slice(from, to));
}

function isRoute(node: SyntaxNode): boolean {
  for (let at = node.parent; at; at = at.parent) if (at.name === 'Decorator') return true;
  return false;
}

function metricOf(
  call: SyntaxNode,
  text: string,
): Pick<DeclaredMetric, 'name' | 'type' | 'labels' | 'buckets'> | undefined {
  const callee = call.firstChild;
  const type = callee && text.slice(callee.from, callee.to).split('.').at(-1);
  const list = call.getChild('ArgList');
  if (!type || !TYPES.includes(type) || !list) return undefined;
  const { placed, named } = argumentsOf(list, text);
  const name = stringOf(placed[0] ?? named.get('name'), text);
  if (name === undefined) return undefined;
  const labels = placed[2] ?? named.get('labelnames');
  const items = labels && itemsOf(labels);
  const words = items?.map((one) => stringOf(one, text));
  const buckets = named.get('buckets');
  const bounds = buckets && itemsOf(buckets)?.map((one) => Number(text.slice(one.from, one.to)));
  return {
    name,
    type: type.toLowerCase() as DeclaredMetric['type'],
    labels:
      labels === undefined ? [] : words?.every((one) => one !== undefined) ? (words as string[]) : undefined,
    // float("inf") is no number here, and is a bucket that every histogram has.
    buckets: bounds?.filter((one) => !Number.isNaN(one)),
  };
}

function argumentsOf(
  list: SyntaxNode,
  text: string,
): { placed: SyntaxNode[]; named: Map<string, SyntaxNode> } {
  const placed: SyntaxNode[] = [];
  const named = new Map<string, SyntaxNode>();
  const parts = children(list).filter(({ name }) => !/^[(),]$|^Comment$/.test(name));
  for (let i = 0; i < parts.length; i++) {
    const value = parts[i + 2];
    if (parts[i + 1]?.name === 'AssignOp' && value) {
      named.set(text.slice(parts[i]!.from, parts[i]!.to), value);
      i += 2;
    } else placed.push(parts[i]!);
  }
  return { placed, named };
}

function itemsOf(node: SyntaxNode): SyntaxNode[] | undefined {
  if (!/^(Array|Tuple)Expression$/.test(node.name)) return undefined;
  return children(node).filter(({ name }) => !/^[[\](),]$|^Comment$/.test(name));
}

function stringOf(node: SyntaxNode | undefined, text: string): string | undefined {
  return node?.name === 'String' ? /^["'](.*)["']$/s.exec(text.slice(node.from, node.to))?.[1] : undefined;
}
