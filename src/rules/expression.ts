import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { RE2JS } from 're2js';
import { parseDuration } from '../core/duration.ts';
import { durationsOf, secondsIn } from './promql.ts';
import { unquoted } from './selectors.ts';
import { children } from './tree.ts';

/** A matcher of a selector, as `status=~"5.."`. */
export interface Matcher {
  label: string;
  op: '=' | '!=' | '=~' | '!~';
  value: string;
}

export interface Selector {
  kind: 'selector';
  /** Undefined where no equality names it. */
  metric: string | undefined;
  /** Without the one on `__name__` that names the metric. */
  matchers: Matcher[];
  /** Its place in the expression's text. */
  from: number;
}

/** `by (…)` or `without (…)`, `on (…)` or `ignoring (…)`. */
export interface Grouping {
  only: boolean;
  labels: string[];
}

/** An expression as a plain value, parentheses and comments left out. Windows are milliseconds. */
export type Expression =
  | Selector
  | { kind: 'number'; value: number }
  | { kind: 'text'; value: string }
  | { kind: 'window'; of: Expression; windowMs: number; subquery: boolean }
  | { kind: 'shifted'; of: Expression }
  | { kind: 'negative'; of: Expression }
  | { kind: 'call'; name: string; args: Expression[] }
  | { kind: 'aggregate'; op: string; grouping: Grouping | undefined; args: Expression[] }
  | {
      kind: 'binary';
      op: string;
      bool: boolean;
      matching: Grouping | undefined;
      /** The side of which several may meet one: `group_left`, `group_right`. */
      many: 'left' | 'right' | undefined;
      left: Expression;
      right: Expression;
    }
  | { kind: 'unknown' };

/** Whether two texts are the same expression, however they are laid out; one that cannot be read is like no other. */
export function sameExpression(a: string, b: string): boolean {
  if (a === b) return true;
  const shape = (expr: string) => JSON.stringify(readExpression(expr), shapely);
  return shape(a) === shape(b) && !shape(a).includes('"kind":"unknown"');
}

/** Where a selector stands is the layout's affair, and so is the order of matchers and labels, which Prometheus sorts. */
function shapely(key: string, value: unknown): unknown {
  if (key === 'from') return undefined;
  if (!Array.isArray(value) || (key !== 'matchers' && key !== 'labels')) return value;
  return value.map((one) => JSON.stringify(one)).sort();
}

/** Trees that were read, by their text: every kind of finding reads every rule again. They are never changed. */
const trees = new Map<string, Expression>();

/** Reads PromQL; what this tree has no word for is `unknown`, and never an error. */
export function readExpression(expr: string): Expression {
  const known = trees.get(expr);
  if (known) return known;
  const tree = read(children(parser.parse(expr).topNode).find(isOperand), expr);
  trees.set(expr, tree);
  return tree;
}

/** Every selector in an expression, in text order. */
export function selectorsOf(expression: Expression): Selector[] {
  if (expression.kind === 'selector') return [expression];
  return partsOf(expression).flatMap(selectorsOf);
}

/** Every call of a function or aggregation in an expression, by name. */
export function callsIn(expression: Expression): string[] {
  const own = expression.kind === 'call' ? [expression.name] : [];
  return [...own, ...partsOf(expression).flatMap(callsIn)];
}

/** The expressions right below one. */
export function partsOf(expression: Expression): Expression[] {
  switch (expression.kind) {
    case 'window':
    case 'shifted':
    case 'negative':
      return [expression.of];
    case 'call':
    case 'aggregate':
      return expression.args;
    case 'binary':
      return [expression.left, expression.right];
    default:
      return [];
  }
}

function read(node: SyntaxNode | undefined, expr: string): Expression {
  if (!node) return { kind: 'unknown' };
  const text = (of: SyntaxNode) => expr.slice(of.from, of.to);
  const operands = () => children(node).filter(isOperand);
  const inside = () => read(operands()[0], expr);
  switch (node.name) {
    case 'ParenExpr':
      return inside();
    case 'NumberDurationLiteral':
      return { kind: 'number', value: numberOf(text(node)) };
    case 'StringLiteral':
      return { kind: 'text', value: unquoted(text(node)) };
    case 'VectorSelector':
      return readSelector(node, text);
    case 'MatrixSelector':
    case 'SubqueryExpr': {
      const windowMs = secondsIn(durationsOf(node)[0], expr) * 1000;
      return { kind: 'window', of: inside(), windowMs, subquery: node.name === 'SubqueryExpr' };
    }
    case 'OffsetExpr':
    case 'StepInvariantExpr':
      return { kind: 'shifted', of: inside() };
    case 'UnaryExpr':
      return text(node).startsWith('-') ? { kind: 'negative', of: inside() } : inside();
    case 'FunctionCall':
      return {
        kind: 'call',
        name: text(node.getChild('FunctionIdentifier')!),
        args: argumentsOf(node, expr),
      };
    case 'AggregateExpr': {
      const modifier = node.getChild('AggregateModifier');
      const grouping = modifier && { only: !!modifier.getChild('By'), labels: labelsOf(modifier, text) };
      const op = text(node.getChild('AggregateOp')!).toLowerCase();
      return { kind: 'aggregate', op, grouping: grouping ?? undefined, args: argumentsOf(node, expr) };
    }
    case 'BinaryExpr':
      return readBinary(node, expr, text);
    default:
      return { kind: 'unknown' };
  }
}

function readBinary(node: SyntaxNode, expr: string, text: (of: SyntaxNode) => string): Expression {
  const [left, right] = children(node).filter(isOperand);
  const clause = node.getChild('MatchingModifierClause');
  const matching = clause && (clause.getChild('On') || clause.getChild('Ignoring'));
  const many = clause?.getChild('GroupLeft') ? 'left' : clause?.getChild('GroupRight') ? 'right' : undefined;
  const operator = children(node).find(
    (one) => !isOperand(one) && !/^(BoolModifier|MatchingModifierClause|LineComment)$/.test(one.name),
  );
  return {
    kind: 'binary',
    op: operator ? text(operator).toLowerCase() : '',
    bool: node.getChild('BoolModifier') !== null,
    matching:
      clause && matching ? { only: matching.name === 'On', labels: labelsOf(clause, text) } : undefined,
    many,
    left: read(left, expr),
    right: read(right, expr),
  };
}

function readSelector(node: SyntaxNode, text: (of: SyntaxNode) => string): Selector {
  const all = children(node.getChild('LabelMatchers') ?? node).flatMap((one): Matcher[] => {
    // `{"a.b"}` names the metric.
    if (one.name === 'QuotedLabelName') return [{ label: '__name__', op: '=', value: unquoted(text(one)) }];
    const label = one.getChild('LabelName') ?? one.getChild('QuotedLabelName');
    const op = one.getChild('MatchOp');
    const value = one.getChild('StringLiteral');
    if (!label || !op || !value) return [];
    return [{ label: unquoted(text(label)), op: text(op) as Matcher['op'], value: unquoted(text(value)) }];
  });
  const identifier = node.getChild('Identifier');
  const naming = all.find(({ label, op }) => label === '__name__' && op === '=');
  return {
    kind: 'selector',
    metric: identifier ? text(identifier) : naming?.value,
    matchers: all.filter((one) => one !== naming),
    from: node.from,
  };
}

function argumentsOf(node: SyntaxNode, expr: string): Expression[] {
  const body = node.getChild('FunctionCallBody');
  return body
    ? children(body)
        .filter(isOperand)
        .map((one) => read(one, expr))
    : [];
}

/** Of the first list of labels below a node. */
function labelsOf(node: SyntaxNode, text: (of: SyntaxNode) => string): string[] {
  const list = node.getChild('GroupingLabels');
  return list ? children(list).map((one) => unquoted(text(one))) : [];
}

function isOperand({ name }: SyntaxNode): boolean {
  return /(Expr|Selector|FunctionCall|Literal)$/.test(name) && !/DurationExpr$/.test(name);
}

function numberOf(text: string): number {
  if (/^[+-]?inf$/i.test(text))
    return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const ms = parseDuration(text);
  return ms !== undefined && text !== '0' ? ms / 1000 : Number(text.replaceAll('_', ''));
}

/** Patterns that were read; every series is tried against each. */
const patterns = new Map<string, RE2JS | undefined>();

/** As Prometheus reads it: in RE2's grammar, anchored by its caller, its dot taking line breaks as well. Always in linear time. */
function patternOf(text: string): RE2JS | undefined {
  if (!patterns.has(text)) {
    try {
      patterns.set(text, RE2JS.compile(text, RE2JS.DOTALL));
    } catch {
      patterns.set(text, undefined);
    }
  }
  return patterns.get(text);
}

/** Whether a label's value (empty for an absent label) satisfies a matcher; undefined for a pattern we cannot read. */
export function satisfies(value: string, { op, value: wanted }: Matcher): boolean | undefined {
  if (op === '=') return value === wanted;
  if (op === '!=') return value !== wanted;
  const found = patternOf(wanted)?.matches(value);
  return found === undefined ? undefined : (op === '=~') === found;
}
