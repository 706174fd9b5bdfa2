import { type Expression, partsOf } from '../rules/expression.ts';

/** The values that an expression can have, lowest and highest. */
type Range = readonly [number, number];

const ANY: Range = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
const POSITIVE: Range = [0, Number.POSITIVE_INFINITY];
/** 1 for what is well, 0 for what is not. */
const SWITCH = /^(up|.*_up|probe_success)$/;
/** Most of what is measured cannot be below zero; this can. */
const SIGNED = /celsius|temp|offset|delta|drift|balance|diff/i;

/**
 * What can be said of a condition from the values its metrics can have at all: `always` for one that holds while nothing
 * is wrong, `never` for one that no value satisfies. Undefined for all others, and wherever it is not sure.
 */
export function certainty(condition: Expression): 'always' | 'never' | undefined {
  if (condition.kind === 'binary') {
    const { op, left, right } = condition;
    if (op === 'and' || op === 'or' || op === 'unless') {
      const [a, b] = [certainty(left), certainty(right)];
      if (op === 'unless') return a === 'never' ? 'never' : undefined;
      const strong = op === 'and' ? 'never' : 'always';
      if (a === strong || b === strong) return strong;
      return a === b ? a : undefined;
    }
    if (isComparison(condition)) return compared(condition);
  }
  if (condition.kind === 'call' && /^label_(replace|join)$/.test(condition.name) && condition.args[0])
    return certainty(condition.args[0]);
  // What compares nothing holds as long as there is data, whatever its value.
  return condition.kind === 'unknown' || mayBeEmpty(condition) ? undefined : 'always';
}

function isComparison({ op, bool }: Extract<Expression, { kind: 'binary' }>): boolean {
  return !bool && /^([<>]=?|[=!]=)$/.test(op);
}

function compared({
  op,
  left,
  right,
}: Extract<Expression, { kind: 'binary' }>): 'always' | 'never' | undefined {
  if (left.kind === right.kind && shape(left) === shape(right)) {
    if (/=/.test(op) && op !== '!=') return mayBeEmpty(left) ? undefined : 'always';
    return 'never';
  }
  const can = (well: boolean) => outcomes(op, rangeOf(left, well), rangeOf(right, well));
  if (!can(false).includes(true)) return 'never';
  return !can(true).includes(false) && !mayBeEmpty(left) && !mayBeEmpty(right) ? 'always' : undefined;
}

/** How a comparison can come out. */
function outcomes(op: string, [a, b]: Range, [c, d]: Range): boolean[] {
  switch (op) {
    case '>':
      return [...(b > c ? [true] : []), ...(a <= d ? [false] : [])];
    case '>=':
      return [...(b >= c ? [true] : []), ...(a < d ? [false] : [])];
    case '<':
      return outcomes('>', [c, d], [a, b]);
    case '<=':
      return outcomes('>=', [c, d], [a, b]);
    default: {
      const equal = [...(a <= d && c <= b ? [true] : []), ...(a === b && c === d && a === c ? [] : [false])];
      return op === '==' ? equal : equal.map((one) => !one);
    }
  }
}

/** Whether there can be no result at all with everything running: a filter, or what speaks of absence. */
function mayBeEmpty(expression: Expression): boolean {
  if (expression.kind === 'unknown') return true;
  if (expression.kind === 'binary' && (isComparison(expression) || /^(and|unless)$/.test(expression.op)))
    return true;
  if (expression.kind === 'call' && /^absent/.test(expression.name)) return true;
  if (expression.kind === 'selector' && (!expression.metric || /^ALERTS/.test(expression.metric)))
    return true;
  return partsOf(expression).some(mayBeEmpty);
}

function rangeOf(expression: Expression, well: boolean): Range {
  const inner = (one: Expression | undefined) => (one ? rangeOf(one, well) : ANY);
  switch (expression.kind) {
    case 'number':
      return [expression.value, expression.value];
    case 'selector': {
      const { metric = '' } = expression;
      if (SWITCH.test(metric)) return well ? [1, 1] : [0, 1];
      return SIGNED.test(metric) ? ANY : POSITIVE;
    }
    case 'window':
    case 'shifted':
      return inner(expression.of);
    case 'negative': {
      const [low, high] = inner(expression.of);
      return [-high, -low];
    }
    case 'aggregate':
      return summed(expression.op, inner(expression.args.at(-1)));
    case 'call':
      return called(expression.name, expression.args, inner);
    case 'binary': {
      const range = calculated(expression, inner);
      // Infinity less infinity: nothing is known.
      return range.some(Number.isNaN) ? ANY : range;
    }
    default:
      return ANY;
  }
}

function summed(op: string, range: Range): Range {
  if (/^(avg|min|max|quantile|topk|bottomk)$/.test(op)) return range;
  if (op === 'group') return [1, 1];
  if (op === 'count') return [1, Number.POSITIVE_INFINITY];
  // Of any number of series, at least one.
  if (op === 'sum') return range[0] >= 0 ? [range[0], range[1] === 0 ? 0 : Number.POSITIVE_INFINITY] : ANY;
  return /^std/.test(op) ? POSITIVE : ANY;
}

function called(name: string, args: Expression[], inner: (one: Expression | undefined) => Range): Range {
  if (
    /^((avg|min|max|last|quantile)_over_time|vector|scalar|label_replace|label_join|sort|sort_desc)$/.test(
      name,
    )
  )
    return inner(name === 'quantile_over_time' ? args[1] : args[0]);
  if (/^(rate|irate|increase|abs|changes|resets|histogram_quantile|time|timestamp)$/.test(name))
    return POSITIVE;
  if (name === 'count_over_time') return [1, Number.POSITIVE_INFINITY];
  return name === 'sum_over_time' ? summed('sum', inner(args[0])) : ANY;
}

function calculated(
  { op, bool, left, right }: Extract<Expression, { kind: 'binary' }>,
  inner: (one: Expression) => Range,
): Range {
  const [a, b] = inner(left);
  const [c, d] = inner(right);
  if (bool) return [0, 1];
  if (op === '+') return [a + c, b + d];
  if (op === '-') return [a - d, b - c];
  if (op === 'or') return [Math.min(a, c), Math.max(b, d)];
  // What is left of a filter, or of the left side of a set operator.
  if (/^([<>]=?|[=!]=|and|unless)$/.test(op)) return [a, b];
  if (op === '*') {
    // Infinity stands for “any”, so that 0 times it is 0.
    const products = [a * c, a * d, b * c, b * d].map((one) => (Number.isNaN(one) ? 0 : one));
    return [Math.min(...products), Math.max(...products)];
  }
  if (op !== '/' || c < 0 || a < 0) return op === '/' && c === d && c > 0 ? [a / c, b / c] : ANY;
  return [d === Number.POSITIVE_INFINITY ? 0 : a / d, c > 0 ? b / c : Number.POSITIVE_INFINITY];
}

/** An expression without the places of its selectors, to tell whether two are the same. */
function shape(expression: Expression): string {
  return JSON.stringify(expression, (key, value) => (key === 'from' ? undefined : value));
}
