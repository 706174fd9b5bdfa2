import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { formatDuration } from '../core/duration.ts';
import { durations } from './promql.ts';
import { children, type Edit, edited } from './tree.ts';

/** One change of a rule. */
export interface Mutation {
  kind: 'threshold' | 'comparison' | 'window' | 'matcher' | 'for';
  /** What was changed, and into what, as the rule is written at lab speed 1; `none` for a `for` that is gone. */
  before: string;
  after: string;
  /** Where in the expression it begins; 0 for a `for`. */
  from: number;
  /** The whole rule as it is then. */
  expr: string;
  forMs: number;
}

/** The other direction. A bound that is in or out by itself is a measured value's last digit: nobody can notice it. */
const TURNED: Record<string, string> = {
  '>': '<',
  '<': '>',
  '>=': '<=',
  '<=': '>=',
  '==': '!=',
  '!=': '==',
};

const NEGATED: Record<string, string> = { '=': '!=', '!=': '=', '=~': '!~', '!~': '=~' };

/**
 * Every rule that differs from this one in one place: a threshold higher and lower, a comparison turned, a window
 * halved and doubled, a label matcher negated, `for` doubled and gone. On the syntax tree, so that each is PromQL.
 * @param rule durations in milliseconds; forMs is 0 for a recording rule
 * @param speed of the lab that the rule is written for: `before` and `after` tell durations in lab time
 */
export function mutationsOf({ expr, forMs = 0 }: { expr: string; forMs?: number }, speed = 1): Mutation[] {
  const changes: (Edit & Pick<Mutation, 'kind' | 'before' | 'after'>)[] = [];
  const change = (kind: Mutation['kind'], { from, to }: Pick<Edit, 'from' | 'to'>, text: string) =>
    changes.push({ kind, from, to, text, before: expr.slice(from, to), after: text });

  parser.parse(expr).iterate({
    enter: ({ name, node }) => {
      if (name === 'BinaryExpr') {
        const operator = children(node).find(({ from, to }) => TURNED[expr.slice(from, to)]);
        if (!operator) return;
        change('comparison', operator, TURNED[expr.slice(operator.from, operator.to)]!);
        const threshold = [node.firstChild!, node.lastChild!].filter(isConstant).flatMap(numbersIn)[0];
        if (!threshold) return;
        const value = Number(expr.slice(threshold.from, threshold.to).replaceAll('_', ''));
        for (const other of Number.isFinite(value) ? nearby(value) : [])
          change('threshold', threshold, other);
      }
      const operator = name.endsWith('LabelMatcher') ? node.getChild('MatchOp') : null;
      if (!operator || isName(node, expr)) return;
      const negated = NEGATED[expr.slice(operator.from, operator.to)]!;
      const matcher = (op: string) =>
        expr.slice(node.from, operator.from) + op + expr.slice(operator.to, node.to);
      const [before, after] = [matcher(expr.slice(operator.from, operator.to)), matcher(negated)];
      changes.push({ kind: 'matcher', from: operator.from, to: operator.to, text: negated, before, after });
    },
  });
  for (const { from, to, ms, kind } of durations(expr)) {
    if (kind !== 'range' && kind !== 'subquery-range') continue;
    for (const other of [ms / 2, ms * 2]) {
      const [before, after] = [ms, other].map((time) => formatDuration(time * speed)) as [string, string];
      changes.push({ kind: 'window', from, to, text: formatDuration(Math.max(1, other)), before, after });
    }
  }
  const inPlace = changes
    .sort((a, b) => a.from - b.from)
    .map(({ kind, before, after, from, to, text }): Mutation => {
      return { kind, before, after, from, expr: edited(expr, [{ from, to, text }]), forMs };
    });
  if (forMs === 0) return inPlace;
  const before = formatDuration(forMs * speed);
  const others = [
    { after: formatDuration(2 * forMs * speed), forMs: 2 * forMs },
    { after: 'none', forMs: 0 },
  ];
  return [...inPlace, ...others.map((other): Mutation => ({ kind: 'for', before, from: 0, expr, ...other }))];
}

/**
 * A threshold doubled and halved. A share above one half is counted by what it leaves, as people do: 0.995 becomes
 * 0.99 and 0.9975, not 1.99. Zero has neither a double nor a half.
 */
function nearby(value: number): string[] {
  const rest = 1 - value;
  const others =
    value === 0 ? [1, -1] : value > 0.5 && value < 1 ? [1 - rest / 2, 1 - rest * 2] : [value * 2, value / 2];
  // Without the last digits of a binary fraction.
  return others.map((other) => String(Number(other.toPrecision(12))));
}

/** Whether nothing measured is in it. */
function isConstant(node: SyntaxNode): boolean {
  return node.name !== 'VectorSelector' && node.name !== 'FunctionCall' && children(node).every(isConstant);
}

function numbersIn(node: SyntaxNode): SyntaxNode[] {
  return node.name === 'NumberDurationLiteral' ? [node] : children(node).flatMap(numbersIn);
}

/** Another metric altogether is no small change. */
function isName(matcher: SyntaxNode, expr: string): boolean {
  const label = matcher.getChild('LabelName') ?? matcher.getChild('QuotedLabelName');
  return !label || /^["']?__name__["']?$/.test(expr.slice(label.from, label.to));
}
