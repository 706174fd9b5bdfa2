import type { Expression } from '../rules/expression.ts';

/** The labels that the results of an expression can carry; undefined where any could be there. */
export function outputLabels(expression: Expression): Set<string> | undefined {
  switch (expression.kind) {
    case 'number':
      return new Set();
    case 'window':
    case 'shifted':
    case 'negative':
      return outputLabels(expression.of);
    case 'aggregate': {
      const { op, grouping, args } = expression;
      if (/^(topk|bottomk|limitk|limit_ratio|count_values)$/.test(op)) return undefined;
      if (!grouping) return new Set();
      if (grouping.only) return new Set(grouping.labels);
      return less(args[0] && outputLabels(args[0]), grouping.labels);
    }
    case 'call':
      return ofCall(expression);
    case 'binary':
      return ofBinary(expression);
    default:
      return undefined;
  }
}

function ofCall({ name, args }: Extract<Expression, { kind: 'call' }>): Set<string> | undefined {
  if (/^(vector|time)$/.test(name)) return new Set();
  if (/^(label_replace|label_join|absent|absent_over_time|info|sort_by_label.*)$/.test(name))
    return undefined;
  const vector = args.find(({ kind }) => kind !== 'number' && kind !== 'text');
  const labels = vector && outputLabels(vector);
  return name === 'histogram_quantile' ? less(labels, ['le']) : labels;
}

function ofBinary(expression: Extract<Expression, { kind: 'binary' }>): Set<string> | undefined {
  const left = outputLabels(expression.left);
  const right = outputLabels(expression.right);
  if (expression.op === 'or') return left && right && new Set([...left, ...right]);
  if (expression.many) return undefined;
  // A number has no labels, so what remains is the other side's.
  return expression.left.kind === 'number' ? right : left;
}

function less(labels: Set<string> | undefined, names: readonly string[]): Set<string> | undefined {
  return labels && new Set([...labels].filter((label) => !names.includes(label)));
}
