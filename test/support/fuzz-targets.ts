import assert from 'node:assert/strict';
import { join } from 'node:path';
import type fc from 'fast-check';
import { paint } from '../../src/cli/paint.ts';
import { showPlan, showTouches } from '../../src/cli/show-plan.ts';
import { outcomeOf } from '../../src/cli/show-runbooks.ts';
import { ChaosError, type Problem } from '../../src/core/errors.ts';
import { PACKAGE_DIR } from '../../src/core/paths.ts';
import { formatProblem } from '../../src/core/problems.ts';
import { visible } from '../../src/core/visible.ts';
import { DEFAULT_TEMPLATE, readTemplate } from '../../src/notify/template.ts';
import { SAMPLES } from '../../src/notify/view.ts';
import { findingsOf } from '../../src/plan/findings/index.ts';
import { makePlan } from '../../src/plan/plan.ts';
import type { World } from '../../src/plan/world.ts';
import { mutantsOf } from '../../src/replay/mutants.ts';
import { rulesAtSpeed } from '../../src/replay/rules.ts';
import { calibrationOf } from '../../src/report/calibration.ts';
import { coverageOf } from '../../src/report/coverage.ts';
import { page } from '../../src/report/html/page.ts';
import { junit } from '../../src/report/junit.ts';
import { markdown } from '../../src/report/markdown.ts';
import { parseRecord } from '../../src/report/read-records.ts';
import { checkChain, regrade, textOf } from '../../src/report/regrade.ts';
import { summary } from '../../src/report/summary.ts';
import { parseAlertmanagerConfig } from '../../src/rules/alertmanager-config.ts';
import { parseExposition } from '../../src/rules/exposition.ts';
import { DEFAULT_CADENCE, parsePrometheusConfig } from '../../src/rules/prometheus-config.ts';
import { parseRules, type RuleSet, readRuleFiles, tangles } from '../../src/rules/rule-files.ts';
import { readRunbook } from '../../src/runbook/page.ts';
import { parseRunbookRecord } from '../../src/runbook/record.ts';
import { readConfig } from '../../src/scenario/config.ts';
import { knownFromStack } from '../../src/scenario/known.ts';
import { readScenario } from '../../src/scenario/load.ts';
import { GAMEDAY_TARGETS } from './fuzz-gameday.ts';
import { brokenTexts, brokenValues } from './fuzz-inputs.ts';
import { below, records, templates, text } from './fuzz-seeds.ts';
import { SUBMITTED } from './fuzz-submissions.ts';
import { inert } from './inert.ts';

/** A kind of file that users hand over, and everything that is done with one before anything is touched. */
export interface Target {
  name: string;
  /** Files that are right, from which wrong ones are made. */
  seeds: string[];
  as: 'yaml' | 'json' | 'text';
  /** @returns the problems; whatever else it throws than a ChaosError is a mistake of ours */
  read(text: string): Problem[];
}

const STACK = join(PACKAGE_DIR, 'stack');
const KNOWN = knownFromStack(STACK);
const RULES = readRuleFiles(join(STACK, 'prometheus/rules'));
const WORLD: World = {
  scrape: parsePrometheusConfig(text('stack/prometheus/prometheus.yml'), 'prometheus.yml').config!,
  alertmanager: parseAlertmanagerConfig(text('stack/alertmanager/alertmanager.yml'), 'a.yml').config!,
  app: parseExposition(text('stack/metrics/api.txt'), 'api.txt').exposition,
};
const SCENARIO = readScenario(text('scenarios/api-outage.yaml'), 'scenarios/api-outage.yaml', KNOWN)
  .scenario!;

export const TARGETS: Target[] = [
  {
    name: 'scenario',
    seeds: below('scenarios'),
    as: 'yaml',
    read(given) {
      const name = /^name: ([a-z-]{1,99})$/m.exec(given)?.[1] ?? 'x';
      const { scenario, problems } = readScenario(given, `scenarios/${name}.yaml`, {});
      if (scenario) planned(RULES, WORLD, scenario);
      return scenario ? [] : problems;
    },
  },
  ...GAMEDAY_TARGETS,
  {
    name: 'configuration',
    seeds: ['allow:\n  urls:\n    - http://shop.staging.internal:8080\n    - http://other.internal\n'],
    as: 'yaml',
    read: (given) => readConfig(given, 'chaos.config.yaml').problems,
  },
  {
    name: 'rules',
    seeds: below('stack/prometheus/rules'),
    as: 'yaml',
    read(given) {
      const set = parseRules(given, 'rules.yml');
      const problems = [...set.problems, ...tangles(set)];
      if (problems.length === 0) {
        planned(set, WORLD);
        const run = { speed: 10, cadence: { scrapeMs: 1500, scrapeTimeoutMs: 1000, evaluationMs: 1500 } };
        mutantsOf(rulesAtSpeed([{ path: 'prometheus/rules/rules.yml', text: given }], run), run.speed);
      }
      return problems;
    },
  },
  {
    name: 'prometheus.yml',
    seeds: [text('stack/prometheus/prometheus.yml')],
    as: 'yaml',
    read(given) {
      const { config, problems } = parsePrometheusConfig(given, 'prometheus.yml');
      if (config) planned(RULES, { ...WORLD, scrape: config });
      return problems;
    },
  },
  {
    name: 'alertmanager.yml',
    seeds: [text('stack/alertmanager/alertmanager.yml')],
    as: 'yaml',
    read(given) {
      const { config, problems } = parseAlertmanagerConfig(given, 'alertmanager.yml');
      if (config) planned(RULES, { ...WORLD, alertmanager: config });
      return problems;
    },
  },
  {
    name: 'exposition',
    seeds: [text('stack/metrics/api.txt')],
    as: 'text',
    read(given) {
      const { exposition, problems } = parseExposition(given, 'metrics.txt');
      if (problems.length === 0) planned(RULES, { ...WORLD, app: exposition });
      return problems;
    },
  },
  {
    name: 'runbook',
    seeds: below('stack/runbooks'),
    as: 'text',
    read(given) {
      const alert = /^# (\w{1,99})$/m.exec(given)?.[1] ?? 'X';
      const { runbook, problems } = readRunbook(given, `${alert}.md`, alert);
      for (const { step, target, value } of runbook?.steps ?? []) inert(step.describe(target, value));
      return problems;
    },
  },
  {
    name: 'template',
    seeds: [DEFAULT_TEMPLATE, ...templates()],
    as: 'text',
    read(given) {
      const { render, problems } = readTemplate(given, 'template.json');
      for (const one of render ? SAMPLES : []) JSON.parse(render!(one));
      return problems;
    },
  },
  {
    name: 'record of a runbook',
    seeds: [text('test/fixtures/runbook.json')],
    as: 'json',
    read(given) {
      inert(outcomeOf(parseRunbookRecord(given, 'runbook.json')));
      return [];
    },
  },
  {
    name: 'record',
    seeds: records(),
    as: 'json',
    read(given) {
      const record = parseRecord(given, 'run.json');
      const graded = regrade(record);
      for (const one of [record, graded]) {
        for (const line of summary(one)) inert(paint(line));
        inert(textOf(one), '\n');
        assert.ok(!/<img|onerror="/.test(page(one, { script: '', style: '' })), 'escaped');
        inert(junit([one]) + markdown([one]), '\n');
      }
      coverageOf([record, graded]);
      calibrationOf([record, graded]);
      mutantsOf(record.rules, record.speed);
      checkChain(record, 'run.json', given);
      return [];
    },
  },
  ...SUBMITTED,
];

/** Everything that a plan does with what was read. */
function planned(rules: Pick<RuleSet, 'alerts' | 'recordings'>, world: World, scenario = SCENARIO): void {
  const cadence = world.scrape?.cadence ?? DEFAULT_CADENCE;
  const plan = makePlan(scenario, rules, cadence, { lab: 'x', speed: 10 });
  for (const line of [...showPlan(plan, 10), ...showTouches(plan.touches)]) inert(line);
  for (const { message, change } of findingsOf({ scenario, rules, cadence, world }))
    inert(visible(message + change));
}

/** How long a file may take to be refused or read, in milliseconds: what explodes takes minutes. */
const LIMIT_MS = 10_000;

export type Fate = 'refused' | 'accepted';

/** Reads one text, and fails where it is neither accepted nor refused as a user would want it. */
export function examine({ read }: Target, given: string): Fate {
  const began = performance.now();
  const problems = problemsOf(read, given);
  assert.ok(performance.now() - began < LIMIT_MS, 'in time');
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  const lines = given.split('\n').length;
  for (const one of problems) {
    assert.ok(
      one.line >= 1 && one.line <= lines && one.column >= 1,
      `a place in the file: ${one.line}:${one.column}`,
    );
    inert(formatProblem(one), '\n');
    assert.ok(formatProblem(one).length < 1500, 'a message that can be read');
  }
  return problems.length > 0 ? 'refused' : 'accepted';
}

function problemsOf(read: Target['read'], given: string): readonly Problem[] {
  try {
    return read(given);
  } catch (error) {
    if (!(error instanceof ChaosError)) throw error;
    assert.equal(error.exitCode, 2, error.message);
    assert.ok(error.problems.length > 0, `a place: ${error.message}`);
    return error.problems;
  }
}

/** Wrong files of a kind. */
export function inputsOf({ as }: Target, seed: string): fc.Arbitrary<string>[] {
  return as === 'text' ? [brokenTexts(seed)] : [brokenTexts(seed), brokenValues(seed, as)];
}
