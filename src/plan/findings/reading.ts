import {
  callsIn,
  type Expression,
  partsOf,
  readExpression,
  type Selector,
  selectorsOf,
} from '../../rules/expression.ts';
import type { AlertRule, RecordingRule } from '../../rules/rule.ts';

/** A selector with the rule whose expression it stands in: the alert's own, or a recording rule on the way. */
export interface Read {
  selector: Selector;
  rule: AlertRule | RecordingRule;
  /** Whether the alert is empty, and so cannot fire, where this selector finds nothing. */
  needed: boolean;
}

/** Every selector that an alert comes from, followed through the recording rules; a rule that reads itself, once. */
export function reads(
  rule: AlertRule | RecordingRule,
  recordings: readonly RecordingRule[],
  needed = true,
  seen: readonly string[] = [],
): Read[] {
  return weighed(readExpression(rule.expr), needed).flatMap(({ selector, needed }) => {
    const { metric } = selector;
    const rules = recordings.filter(({ record }) => record === metric);
    if (rules.length === 0) return [{ selector, rule, needed }];
    if (seen.includes(metric!)) return [];
    const alone = needed && rules.length === 1;
    return rules.flatMap((one) => reads(one, recordings, alone, [...seen, metric!]));
  });
}

/** Selectors, each with whether nothing comes of the expression without it. */
function weighed(expression: Expression, needed: boolean): { selector: Selector; needed: boolean }[] {
  if (expression.kind === 'selector') return [{ selector: expression, needed }];
  if (expression.kind === 'binary' && (expression.op === 'or' || expression.op === 'unless')) {
    const left = weighed(expression.left, needed && expression.op === 'unless');
    return [...left, ...weighed(expression.right, false)];
  }
  const fills = expression.kind === 'call' && /^absent(_over_time)?$/.test(expression.name);
  return partsOf(expression).flatMap((part) => weighed(part, needed && !fills));
}

/** The functions an alert is computed with, those of its recording rules included. */
export function functionsOf(alert: AlertRule, recordings: readonly RecordingRule[]): string[] {
  return alongside(alert, recordings).flatMap(({ expr }) => callsIn(readExpression(expr)));
}

/** An expression with the recorded metrics in it replaced by what records them, where one rule alone does. */
export function expanded(
  expression: Expression,
  recordings: readonly RecordingRule[],
  seen: readonly string[] = [],
): Expression {
  const inner = (one: Expression) => expanded(one, recordings, seen);
  switch (expression.kind) {
    case 'selector': {
      const { metric, matchers } = expression;
      const rules = recordings.filter(({ record }) => record === metric);
      if (rules.length === 0) return expression;
      if (rules.length > 1 || matchers.length > 0 || seen.includes(metric!)) return { kind: 'unknown' };
      return expanded(readExpression(rules[0]!.expr), recordings, [...seen, metric!]);
    }
    case 'window':
    case 'shifted':
    case 'negative':
      return { ...expression, of: inner(expression.of) };
    case 'call':
    case 'aggregate':
      return { ...expression, args: expression.args.map(inner) };
    case 'binary':
      return { ...expression, left: inner(expression.left), right: inner(expression.right) };
    default:
      return expression;
  }
}

/** The alert itself, and every recording rule that it reads, directly or not. */
function alongside(alert: AlertRule, recordings: readonly RecordingRule[]): (AlertRule | RecordingRule)[] {
  const found: (AlertRule | RecordingRule)[] = [alert];
  // Grows while it is walked: what is added is read in its turn.
  for (const rule of found) {
    const names = selectorsOf(readExpression(rule.expr)).map(({ metric }) => metric);
    found.push(...recordings.filter((one) => names.includes(one.record) && !found.includes(one)));
  }
  return found;
}
