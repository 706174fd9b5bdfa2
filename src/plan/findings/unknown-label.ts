import { type Matcher, readExpression, satisfies } from '../../rules/expression.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { outputLabels } from '../output-labels.ts';
import { lookUp, scrapeLabels, type World } from '../world.ts';
import { expected, type Finder, type Finding, placeOf } from './finding.ts';
import { expanded, type Read, reads } from './reading.ts';

/** Labels whose values first appear when the thing happens: that they are not there yet says nothing. */
const OUTCOMES =
  /^(status|status_?code|code|outcome|result|error|error_type|reason|exception|state|level|class)$/i;
/** What every alert carries, whatever its expression. */
const ALWAYS = 'alertname';

/** A rule, or an expectation, that asks for a label or a value that no series has. */
export const unknownLabel: Finder = (subject) => [...inRules(subject), ...inExpectations(subject)];

const inRules: Finder = ({ scenario, rules, world }) =>
  rules.alerts.flatMap((alert) => {
    const expectation = scenario.expect.find((one) => one.alert === alert.name);
    return reads(alert, rules.recordings)
      .filter(({ needed }) => needed)
      .flatMap(({ selector: { metric, matchers, from }, rule }) =>
        matchers.flatMap((matcher) => {
          const lack =
            matcher.label === 'le' || !metric ? undefined : lackOf(metric, matcher, scenario, world);
          if (!lack) return [];
          return [
            {
              kind: 'unknown-label',
              alert: alert.name,
              ...placeOf(rule, expectation, from),
              message: `${alert.name} can never fire: no series of ${metric} has ${written(matcher)} (${lack.where}${lack.values ? ` has ${lack.values}` : ''})`,
              change: lack.values ? `match one of ${lack.values}` : `match by a label that ${metric} has`,
            },
          ];
        }),
      );
  });

const inExpectations: Finder = (subject) => {
  const { scenario, rules, world } = subject;
  return expected(subject).flatMap(({ expectation, rule }) => {
    const labels = outputLabels(expanded(readExpression(rule.expr), rules.recordings));
    const sources = reads(rule, rules.recordings);
    return Object.entries(expectation.labels).flatMap(([label, value]): Finding[] => {
      const finding = (why: string, change: string): Finding[] => [
        {
          kind: 'unknown-label',
          alert: rule.name,
          step: expectation.because,
          ...placeOf(rule, expectation, 0),
          message: `${rule.name} can never fire with ${label}="${value}": ${why}`,
          change,
        },
      ];
      const given = rule.labels[label] ?? (label === ALWAYS ? rule.name : undefined);
      // A templated label is only known once it fires.
      if (given?.includes('{{')) return [];
      if (given !== undefined)
        return given === value
          ? []
          : finding(`its rule sets ${label}="${given}"`, `expect ${label}: ${given}`);
      if (labels && !labels.has(label))
        return label in (world.scrape?.externalLabels ?? {})
          ? []
          : finding(
              `its expression drops that label`,
              `leave ${label} out of the expectation, or aggregate by (${label})`,
            );
      const lack = valueLack(sources, label, value, scenario, world);
      return lack ? finding(lack, `expect a value of ${label} that is there`) : [];
    });
  });
};

/** Why no series that an alert is made of can carry a label's value; undefined where one can, or nobody knows. */
function valueLack(
  sources: readonly Read[],
  label: string,
  value: string,
  scenario: Scenario,
  world: World,
): string | undefined {
  const jobs = world.scrape?.jobs;
  if (label === 'job' && jobs && !world.live && !jobs.some(({ name }) => name === value))
    return `${world.scrape!.file} has no job of that name, only ${jobs.map(({ name }) => name).join(', ')}`;
  const lacks = sources.map(({ selector: { metric } }) =>
    metric ? lackOf(metric, { label, op: '=', value }, scenario, world) : undefined,
  );
  if (lacks.length === 0 || lacks.some((lack) => lack?.values === undefined)) return undefined;
  return `no series has it (${lacks[0]!.where} has ${lacks[0]!.values})`;
}

/** What there is of a label where nothing satisfies a matcher: the values, or none where no series has the label. */
function lackOf(
  metric: string,
  matcher: Matcher,
  scenario: Scenario,
  world: World,
): { where: string; values: string | undefined } | undefined {
  const { label } = matcher;
  const sight = lookUp(metric, world);
  // What also matches an absent label asks for nothing.
  if (sight?.known !== 'present' || sight.series.length === 0 || satisfies('', matcher) !== false)
    return undefined;
  const { series, where } = sight;
  const values = [...new Set(series.flatMap((labels) => labels[label] ?? []))];
  const added = world.live ? new Set<string>() : scrapeLabels(world);
  if (values.length === 0) return added && !added.has(label) ? { where, values: undefined } : undefined;
  const there = values.some((value) => satisfies(value, matcher) !== false);
  if (there || added?.has(label) || OUTCOMES.test(label) || brings(scenario, matcher)) return undefined;
  return { where, values: values.slice(0, 6).join(', ') };
}

/** Whether the scenario itself asks for what would make such a series: its path, or its method. */
function brings({ traffic, timeline }: Scenario, matcher: Matcher): boolean {
  const loads = [
    ...(traffic ? [traffic] : []),
    ...timeline.flatMap((step) => (step.kind === 'load' ? [step.load] : [])),
  ];
  return loads
    .flatMap(({ requests }) => requests)
    .some(({ url, method }) => {
      const path = new URL(url, 'http://lab').pathname;
      return [path, method].some((one) => satisfies(one, matcher) !== false);
    });
}

function written({ label, op, value }: Matcher): string {
  return `${label}${op}"${value}"`;
}
