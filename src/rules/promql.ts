import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { formatDuration, parseDuration } from '../core/duration.ts';
import { ChaosError } from '../core/errors.ts';
import { metricsOf } from './selectors.ts';
import { children, edited } from './tree.ts';

// Node names as of lezer-promql 0.315, which is pinned exactly: they move between 0.x releases.
const LITERAL = 'NumberDurationLiteralInDurationContext';
const DURATION = /^(Offset)?DurationExpr$/;
/** What may hold a duration. */
const HOLDER = /^(MatrixSelector|SubqueryExpr|OffsetExpr)$/;

/** A duration of an expression, with its place in the text (from inclusive, to exclusive). */
export interface DurationAt {
  from: number;
  to: number;
  /** Below zero for an offset into the future; NaN where it cannot be computed. */
  ms: number;
  /** What it says: the window of a range selector, a subquery's window or resolution, or an offset. */
  kind: 'range' | 'subquery-range' | 'subquery-step' | 'offset';
}

/** Where an expression is no PromQL, as offsets into it; empty where it is. Types are not checked. */
export function syntaxErrors(expr: string): { from: number; to: number }[] {
  const errors: { from: number; to: number }[] = [];
  const texts: { from: number; to: number }[] = [];
  parser.parse(expr).iterate({
    enter: ({ type, name, from, to }) => {
      if (name === 'StringLiteral' || name === 'LineComment') texts.push({ from, to });
      if (type.isError || (name === 'StringLiteral' && !isClosed(expr.slice(from, to))))
        errors.push({ from, to });
    },
  });
  // Pasted from a web page: lezer takes every kind of blank, Prometheus only these four.
  for (const { index } of expr.matchAll(/[^\S \t\r\n]/g)) {
    if (!texts.some(({ from, to }) => from <= index && index < to))
      errors.push({ from: index, to: index + 1 });
  }
  return errors.sort((a, b) => a.from - b.from);
}

/** Every duration that counts time back from an evaluation, in text order. Plain numbers and `@` times are none. */
export function durations(expr: string): DurationAt[] {
  const found: DurationAt[] = [];
  parser.parse(expr).iterate({
    enter: ({ name, node }) => {
      if (!HOLDER.test(name)) return;
      durationsOf(node).forEach((duration, i) => {
        const kinds = { OffsetExpr: 'offset', MatrixSelector: 'range' } as const;
        const kind = kinds[name as keyof typeof kinds] ?? (i === 0 ? 'subquery-range' : 'subquery-step');
        found.push({ from: duration.from, to: duration.to, ms: secondsIn(duration, expr) * 1000, kind });
      });
    },
  });
  return found.sort((a, b) => a.from - b.from);
}

/**
 * How far back from an evaluation a sample can still count, in milliseconds: windows and offsets add up along the
 * nesting, and the longest of several branches decides. 0 for an instant expression.
 * @param behind how far back a metric's own samples reach, in milliseconds: more than 0 for a recorded one
 */
export function lookback(expr: string, behind: (metric: string) => number = () => 0): number {
  const walk = (node: SyntaxNode): number => {
    if (node.name === 'VectorSelector') return Math.max(0, ...metricsOf(node, expr).map(behind));
    const longest = Math.max(0, ...children(node).map(walk));
    const own = HOLDER.test(node.name) ? secondsIn(durationsOf(node)[0], expr) * 1000 : 0;
    // A negative offset looks forward, which does not lengthen the way back.
    return longest + Math.max(0, own || 0);
  };
  return walk(parser.parse(expr).topNode);
}

/** A duration at another speed, in whole milliseconds: rounded up, so that no window loses its oldest sample. */
export function divideMs(ms: number, divisor: number): number {
  return Math.ceil(ms / divisor);
}

/**
 * The same expression with every duration divided, on its syntax tree: what looks like a duration in a string,
 * a label matcher or a comment stays as it is, and so does everything else to the byte. By 1 nothing changes.
 * @throws ChaosError `bad-file` for what is no PromQL, or holds a duration that cannot be divided
 */
export function scaleDurations(expr: string, divisor: number): string {
  const [error] = syntaxErrors(expr);
  if (error) throw new ChaosError('bad-file', `This is no PromQL from character ${error.from + 1}: ${expr}`);
  if (divisor === 1) return expr;
  const edits: { from: number; to: number; ms: number }[] = [];
  const divide = (node: SyntaxNode): void => {
    const operands = durationsOf(node);
    const operator = operatorOf(node);
    const [left, right] = operands;
    if (operator === 'Mul' && left && right) {
      // One factor is a plain number: dividing both would divide twice.
      divide(isTime(left, expr) || !isTime(right, expr) ? left : right);
    } else if (operator === 'Div' && left) divide(left);
    else if (operator === 'Pow' || node.name === LITERAL)
      edits.push({ from: node.from, to: node.to, ms: secondsIn(node, expr) * 1000 });
    else for (const part of children(node)) divide(part);
  };
  parser.parse(expr).iterate({
    enter: ({ name, node }) => {
      if (HOLDER.test(name)) for (const duration of durationsOf(node)) divide(duration);
    },
  });
  for (const { from, to, ms } of edits) {
    if (!Number.isFinite(ms))
      throw new ChaosError('bad-file', `The duration ${expr.slice(from, to)} cannot be divided: ${expr}`);
  }
  return edited(
    expr,
    edits.map(({ from, to, ms }) => ({ from, to, text: formatDuration(divideMs(ms, divisor)) })),
  );
}

/** Seconds, as Prometheus computes them; NaN for what cannot be computed. */
export function secondsIn(node: SyntaxNode | undefined, expr: string): number {
  if (!node) return Number.NaN;
  if (node.name === LITERAL) return secondsOf(expr.slice(node.from, node.to));
  const [left, right] = durationsOf(node).map((operand) => secondsIn(operand, expr));
  const a = left ?? Number.NaN;
  const b = right ?? Number.NaN;
  const operator = operatorOf(node);
  switch (operator) {
    case undefined:
      return a;
    case LITERAL:
      return secondsIn(node.firstChild!, expr);
    case 'UnaryOp':
      return expr[node.from] === '-' ? -a : a;
    case 'DurationStep':
    case 'DurationRange':
      return 0; // Of the query: a rule is evaluated as an instant one, which has neither.
    default:
      return OPERATORS[operator]?.(a, b) ?? Number.NaN;
  }
}

const OPERATORS: Record<string, (a: number, b: number) => number> = {
  Add: (a, b) => a + b,
  Sub: (a, b) => a - b,
  Mul: (a, b) => a * b,
  Div: (a, b) => a / b,
  Mod: (a, b) => a % b,
  Pow: (a, b) => a ** b,
  DurationMinOf: Math.min,
  DurationMaxOf: Math.max,
};

/** A bare number in a duration's place is seconds; `1_000` is one thousand. */
function secondsOf(text: string): number {
  const ms = parseDuration(text);
  return ms === undefined ? Number(text.replaceAll('_', '')) : ms / 1000;
}

/** Whether a factor is written with a unit, and so is the one that is a time. */
function isTime(node: SyntaxNode, expr: string): boolean {
  const text = expr.slice(node.from, node.to);
  if (node.name === LITERAL) return text !== '0' && parseDuration(text) !== undefined;
  return children(node).some((child) => isTime(child, expr));
}

/** The durations right below a node. */
export function durationsOf(node: SyntaxNode): SyntaxNode[] {
  return children(node).filter(({ name }) => DURATION.test(name));
}

function operatorOf(node: SyntaxNode): string | undefined {
  return children(node).find(({ name }) => !DURATION.test(name) && name !== 'LineComment')?.name;
}

/** lezer takes a string whose closing quote is missing; Prometheus does not. */
function isClosed(text: string): boolean {
  return /^("([^"\\\n]|\\.)*"|'([^'\\\n]|\\.)*'|`[^`]*`)$/.test(text);
}
