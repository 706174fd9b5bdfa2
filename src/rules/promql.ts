import type { SyntaxNode, Tree } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { formatDuration, parseDuration } from '../core/duration.ts';

// Node names as of lezer-promql 0.315, which is pinned exactly: they move between 0.x releases.
const DURATION = 'NumberDurationLiteralInDurationContext';

/** A duration of an expression, with its place in the text (from inclusive, to exclusive). */
export interface DurationAt {
  from: number;
  to: number;
  ms: number;
  /** What it says: the window of a range selector, a subquery's window or resolution, or an offset. */
  kind: 'range' | 'subquery-range' | 'subquery-step' | 'offset';
}

/** Where an expression is no PromQL, as offsets into it; empty where it is. */
export function syntaxErrors(expr: string): { from: number; to: number }[] {
  const errors: { from: number; to: number }[] = [];
  parser.parse(expr).iterate({
    enter: (node) => {
      if (node.type.isError) errors.push({ from: node.from, to: node.to });
    },
  });
  return errors;
}

/** Every duration that counts time back from an evaluation, in text order. Plain numbers and `@` times are none. */
export function durations(expr: string): DurationAt[] {
  const found: DurationAt[] = [];
  parser.parse(expr).iterate({
    enter: (node) => {
      if (node.name !== DURATION) return;
      const text = expr.slice(node.from, node.to);
      found.push({ from: node.from, to: node.to, ms: durationMs(text), kind: kindOf(node.node) });
    },
  });
  return found;
}

/** The metrics an expression reads, each once, by name or by an equality matcher on `__name__`. */
export function metricNames(expr: string): string[] {
  const names = new Set<string>();
  const tree = parser.parse(expr);
  tree.iterate({
    enter: (node) => {
      if (node.name !== 'VectorSelector') return;
      const identifier = node.node.getChild('Identifier');
      if (identifier) names.add(expr.slice(identifier.from, identifier.to));
      else for (const name of namesByMatcher(node.node, expr)) names.add(name);
    },
  });
  return [...names];
}

/**
 * How far back from an evaluation a sample can still count, in milliseconds: windows and offsets add up along the
 * nesting, and the longest of several branches decides. 0 for an instant expression.
 */
export function lookback(expr: string): number {
  return lookbackOf(parser.parse(expr), expr);
}

/**
 * The same expression with every duration divided, on its syntax tree: what looks like a duration in a string,
 * a label matcher or a comment stays as it is, and so does everything else to the byte.
 */
export function scaleDurations(expr: string, divisor: number): string {
  let scaled = '';
  let copied = 0;
  for (const { from, to, ms } of durations(expr)) {
    scaled += expr.slice(copied, from) + formatDuration(Math.ceil(ms / divisor));
    copied = to;
  }
  return scaled + expr.slice(copied);
}

function lookbackOf(tree: Tree, expr: string): number {
  const walk = (node: SyntaxNode): number => {
    let own = 0;
    let longest = 0;
    const adds = node.name === 'MatrixSelector' || node.name === 'SubqueryExpr' || node.name === 'OffsetExpr';
    for (let child = node.firstChild; child; child = child.nextSibling) {
      if (adds && own === 0 && /DurationExpr$/.test(child.name)) {
        const literal = literalIn(child);
        // A negative offset looks forward, which does not lengthen the way back.
        own = literal && !child.getChild('UnaryOp') ? durationMs(expr.slice(literal.from, literal.to)) : 0;
      } else {
        longest = Math.max(longest, walk(child));
      }
    }
    return own + longest;
  };
  return walk(tree.topNode);
}

function literalIn(node: SyntaxNode): SyntaxNode | null {
  return node.name === DURATION ? node : (node.getChild(DURATION) ?? null);
}

/** A bare number in a duration's place is seconds. */
function durationMs(text: string): number {
  return parseDuration(text) ?? Number(text) * 1000;
}

function kindOf(literal: SyntaxNode): DurationAt['kind'] {
  let node: SyntaxNode | null = literal;
  let wrapper = literal;
  while (node && /Duration/.test(node.name)) {
    wrapper = node;
    node = node.parent;
  }
  if (node?.name === 'OffsetExpr') return 'offset';
  if (node?.name !== 'SubqueryExpr') return 'range';
  const first = node.getChildren('DurationExpr')[0];
  return first && first.from === wrapper.from ? 'subquery-range' : 'subquery-step';
}

function namesByMatcher(selector: SyntaxNode, expr: string): string[] {
  const matchers = selector.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
  return matchers.flatMap((matcher) => {
    const match = /^__name__\s*=\s*["'`](.*)["'`]$/.exec(expr.slice(matcher.from, matcher.to));
    return match?.[1] ? [match[1]] : [];
  });
}
