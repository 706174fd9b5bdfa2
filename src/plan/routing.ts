import type { AlertmanagerConfig, InhibitRule, Route } from '../rules/alertmanager-config.ts';
import { type Matcher, readExpression, satisfies } from '../rules/expression.ts';
import type { AlertRule, RecordingRule } from '../rules/rule.ts';
import type { Expectation } from '../scenario/scenario.ts';
import { expanded } from './findings/reading.ts';
import { outputLabels } from './output-labels.ts';
import type { World } from './world.ts';

/** The labels of an alert that has not fired yet, as far as they are known. */
export interface ExpectedLabels {
  known: Record<string, string>;
  /** Whether a label that is not among the known ones is surely absent. */
  lacks(label: string): boolean;
}

/** What Alertmanager will see of an expected alert: its rule's labels, those expected, and the external ones. */
export function labelsOf(
  rule: AlertRule,
  expectation: Expectation,
  recordings: readonly RecordingRule[],
  { scrape }: World,
): ExpectedLabels {
  const fixed = Object.entries(rule.labels).filter(([, value]) => !value.includes('{{'));
  const known: Record<string, string> = {
    ...scrape?.externalLabels,
    ...expectation.labels,
    ...Object.fromEntries(fixed),
    alertname: rule.name,
  };
  const output = outputLabels(expanded(readExpression(rule.expr), recordings));
  const lacks = (label: string) =>
    !!scrape && !!output && !output.has(label) && !(label in known) && !(label in rule.labels);
  return { known, lacks };
}

/** Whether all matchers fit; undefined where that hangs on a label that is not known. */
function fits(matchers: readonly Matcher[], { known, lacks }: ExpectedLabels): boolean | undefined {
  const each = matchers.map((matcher) => {
    const value = known[matcher.label] ?? (lacks(matcher.label) ? '' : undefined);
    return value === undefined ? undefined : satisfies(value, matcher);
  });
  if (each.includes(false)) return false;
  return each.includes(undefined) ? undefined : true;
}

/** The routes whose receivers an alert goes to; undefined where that hangs on a label that is not known. */
export function routesOf(route: Route, labels: ExpectedLabels): Route[] | undefined {
  const taken: Route[] = [];
  for (const child of route.routes) {
    const fit = fits(child.matchers, labels);
    if (fit === undefined) return undefined;
    if (!fit) continue;
    const below = routesOf(child, labels);
    if (!below) return undefined;
    taken.push(...below);
    if (!child.goesOn) break;
  }
  return taken.length > 0 ? taken : [route];
}

/** The inhibit rule by which one alert, while it fires, surely holds another back. */
export function inhibitedBy(
  source: ExpectedLabels,
  target: ExpectedLabels,
  { inhibits }: AlertmanagerConfig,
): InhibitRule | undefined {
  return inhibits.find((rule) => {
    if (fits(rule.source, source) !== true || fits(rule.target, target) !== true) return false;
    // Alertmanager lets no alert hold back another where both are on both sides (inhibit.go, excludeTwoSidedMatch).
    const twoSided = fits(rule.source, target) !== false && fits(rule.target, source) !== false;
    return !twoSided && rule.equal.every((label) => isSame(label, source, target));
  });
}

/** A label that both lack is the same to Alertmanager. */
function isSame(label: string, a: ExpectedLabels, b: ExpectedLabels): boolean {
  if (label in a.known || label in b.known) return a.known[label] === b.known[label];
  return a.lacks(label) && b.lacks(label);
}
