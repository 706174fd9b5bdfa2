import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { children, type Edit, edited } from './tree.ts';

/** The metrics an expression reads, each once, by name or by an equality matcher on `__name__`. */
export function metricNames(expr: string): string[] {
  const names = new Set<string>();
  parser.parse(expr).iterate({
    enter: ({ name, node }) => {
      if (name === 'VectorSelector') for (const metric of metricsOf(node, expr)) names.add(metric);
    },
  });
  return [...names];
}

/** The selectors that name no metric, as they are written: `{job="api"}`, `{__name__=~"node_.*"}`. */
export function namelessSelectors(expr: string): string[] {
  const found = new Set<string>();
  parser.parse(expr).iterate({
    enter: ({ name, node, from, to }) => {
      if (name === 'VectorSelector' && metricsOf(node, expr).length === 0) found.add(expr.slice(from, to));
    },
  });
  return [...found];
}

/** The same expression reading other metrics: each name of the map instead of its key. */
export function renameMetrics(expr: string, names: ReadonlyMap<string, string>): string {
  const edits: Edit[] = [];
  parser.parse(expr).iterate({
    enter: ({ name, node }) => {
      if (name !== 'VectorSelector') return;
      for (const { from, to, name: kind } of metricNodes(node, expr)) {
        const other = names.get(unquoted(expr.slice(from, to)));
        if (other !== undefined)
          edits.push({ from, to, text: kind === 'Identifier' ? other : JSON.stringify(other) });
      }
    },
  });
  return edited(expr, edits);
}

/** The metrics that one VectorSelector names. */
export function metricsOf(selector: SyntaxNode, expr: string): string[] {
  return metricNodes(selector, expr).map(({ from, to }) => unquoted(expr.slice(from, to)));
}

/** A name before the braces, or the one inside: `{"x"}`, `{__name__="x"}`, `{"__name__"="x"}`. */
function metricNodes(selector: SyntaxNode, expr: string): SyntaxNode[] {
  const identifier = selector.getChild('Identifier');
  if (identifier) return [identifier];
  return children(selector.getChild('LabelMatchers') ?? selector).flatMap((matcher) => {
    if (matcher.name === 'QuotedLabelName') return [matcher];
    const label = matcher.getChild('LabelName') ?? matcher.getChild('QuotedLabelName');
    const value = matcher.getChild('StringLiteral');
    const equal = matcher.getChild('MatchOp')?.getChild('EqlSingle');
    const named = label && unquoted(expr.slice(label.from, label.to)) === '__name__';
    return named && value && equal ? [value] : [];
  });
}

/** What a string literal says; any other text as it is. */
export function unquoted(text: string): string {
  if (text.startsWith('`')) return text.slice(1, -1);
  return /^["']/.test(text) ? text.slice(1, -1).replace(/\\(.)/g, '$1') : text;
}
