import type { Position } from '../../core/errors.ts';
import type { AlertRule, Cadence, ExprAt, RecordingRule } from '../../rules/rule.ts';
import type { Expectation, Scenario, Step } from '../../scenario/scenario.ts';
import { tolerations } from '../remembered.ts';
import type { World } from '../world.ts';

/** Something that keeps a plan from coming out as it says, known before anything is touched. */
export interface Finding extends Position {
  /** The name of its file in this folder. */
  kind: string;
  alert?: string;
  /** The step it is about. */
  step?: string;
  /** One sentence: what, and why. */
  message: string;
  /** The smallest change that would make it possible. */
  change: string;
}

/** All that a finding may be made from. Rules and cadence are in lab time. */
export interface Subject {
  scenario: Scenario;
  rules: { alerts: AlertRule[]; recordings: RecordingRule[] };
  cadence: Cadence;
  world: World;
}

/** One kind of finding. Pure, and silent wherever something that it would need is not known. */
export type Finder = (subject: Subject) => Finding[];

type Placed = { file?: string; line?: number; exprAt?: ExprAt; expr: string };

/**
 * Where a rule stands in its file, or a character of its expression. The rules of a live Prometheus have a file and
 * no line: then it is the expectation's own place, where there is one.
 * @param from offset into the expression
 */
export function placeOf(rule: Placed, expectation?: Expectation, from?: number): Position {
  const { file, line, exprAt } = rule;
  if (file === undefined || line === undefined)
    return expectation ? { ...expectation.at } : { file: file ?? 'the live Prometheus', line: 1, column: 1 };
  if (from === undefined || !exprAt) return { file, line, column: 1 };
  const before = rule.expr.slice(0, from).split('\n');
  const inLine = before.at(-1)!.length;
  if (exprAt.shape === 'opaque') return { file, line: exprAt.line, column: exprAt.column };
  return {
    file,
    line: exprAt.line + before.length - 1,
    column: exprAt.column + inLine,
  };
}

/** The expectations of a scenario with their rules and steps; one without either is left out. */
export function expected({
  scenario,
  rules,
}: Subject): { expectation: Expectation; rule: AlertRule; step: Step }[] {
  return scenario.expect.flatMap((expectation) => {
    const rule = rules.alerts.find(({ name }) => name === expectation.alert);
    const step = scenario.timeline.find(({ id }) => id === expectation.because);
    return rule && step ? [{ expectation, rule, step }] : [];
  });
}

/** Alerts that may not be pending or firing when nothing is wrong: all that are held against a run. */
export function untolerated({ scenario, rules }: Subject): AlertRule[] {
  // A toleration of some label sets leaves the others to be held against the run.
  const free = tolerations(scenario, rules, 1).filter(({ labels }) => Object.keys(labels).length === 0);
  return rules.alerts.filter(({ name }) => !free.some(({ alert }) => alert === name));
}
