import { alertName, isAmong } from '../../core/labels.ts';
import { readExpression } from '../../rules/expression.ts';
import type { AlertRule } from '../../rules/rule.ts';
import { evaluate } from '../evaluate.ts';
import { type Finder, placeOf, type Subject, untolerated } from './finding.ts';
import { expanded } from './reading.ts';

/**
 * A condition that is true with nothing broken. Such an alert fires whatever is done, so there is no quiet baseline,
 * and that it fires says nothing.
 */
export const alreadyHolds: Finder = (subject) =>
  untolerated(subject).flatMap((alert) => {
    const held = holding(alert, subject);
    if (!held) return [];
    const expectation = subject.scenario.expect.find((one) => one.alert === alert.name);
    const value = Number(held.value.toPrecision(3));
    return [
      {
        kind: 'already-holds',
        alert: alert.name,
        ...(expectation ? { step: expectation.because } : {}),
        ...placeOf(alert, expectation, 0),
        message: `${alertName(alert.name, held.labels)} holds with nothing broken: its expression gives ${value} ${held.where}`,
        change: changeOf(alert, value),
      },
    ];
  });

function holding(alert: AlertRule, { world, rules, scenario }: Subject) {
  const { live, app } = world;
  const tolerated = (labels: Record<string, string>) =>
    isAmong(scenario.tolerate, alert.name, { ...labels, ...alert.labels });
  if (live) {
    const held = live.holding.get(alert.name);
    return held && !tolerated(held.labels) ? { ...held, where: `on ${live.url} now` } : undefined;
  }
  const value = app && evaluate(expanded(readExpression(alert.expr), rules.recordings), app);
  if (!value || !('results' in value)) return undefined;
  const held = value.results.find(({ labels }) => !tolerated(labels));
  return held && { ...held, where: `on the samples of ${app.file}` };
}

/** The threshold that would have to move, where the rule compares with a number. */
function changeOf({ expr, name }: AlertRule, value: number): string {
  const expression = readExpression(expr);
  const otherwise = `mend what makes it so, or name ${name} under tolerate:`;
  if (expression.kind !== 'binary' || expression.right.kind !== 'number') return otherwise;
  const { op, right } = expression;
  if (op !== '>' && op !== '>=' && op !== '<' && op !== '<=') return otherwise;
  const [verb, side] = op.startsWith('>') ? ['raise', 'above'] : ['lower', 'below'];
  return `${verb} the threshold ${right.value} ${side} ${value}, or ${otherwise}`;
}
