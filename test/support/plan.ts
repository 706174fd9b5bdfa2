import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_DIR } from '../../src/core/paths.ts';
import type { Finding, Subject } from '../../src/plan/findings/finding.ts';
import { findingsOf } from '../../src/plan/findings/index.ts';
import type { World } from '../../src/plan/world.ts';
import { readAlertmanagerConfig } from '../../src/rules/alertmanager-config.ts';
import { parseExposition, readExposition } from '../../src/rules/exposition.ts';
import { parsePrometheusConfig, readPrometheusConfig } from '../../src/rules/prometheus-config.ts';
import { parseRules, readRuleFiles } from '../../src/rules/rule-files.ts';
import { readScenario } from '../../src/scenario/load.ts';

export const DOCUMENTED = join(PACKAGE_DIR, 'test/fixtures/documented');

/** A stack's own rules and what is known of it, without a scenario. */
export interface Stack {
  rules: Subject['rules'];
  cadence: Subject['cadence'];
  world: World;
}

/** Reads a stack's files as `chaos plan` does; throws what is wrong with them. */
export function readStack(files: {
  rules: string;
  prometheus: string;
  metrics: string;
  alertmanager?: string;
}): Stack {
  const rules = readRuleFiles(files.rules);
  const scrape = readPrometheusConfig(files.prometheus);
  const app = readExposition(files.metrics);
  const alerting = files.alertmanager ? readAlertmanagerConfig(files.alertmanager) : { problems: [] };
  const problems = [rules, scrape, app, alerting].flatMap((read) => read.problems);
  if (problems.length > 0 || !scrape.config) throw new Error(JSON.stringify(problems));
  const { config: alertmanager } = alerting as { config?: World['alertmanager'] };
  const world = { scrape: scrape.config, app: app.exposition, ...(alertmanager ? { alertmanager } : {}) };
  return { rules, cadence: scrape.config.cadence, world };
}

export function scenarioFrom(text: string, file = 'x.yaml') {
  const { scenario, problems } = readScenario(text, file, {});
  if (!scenario) throw new Error(JSON.stringify(problems));
  return scenario;
}

export function findingsIn(file: string, stack: Stack): Finding[] {
  return findingsOf({ scenario: scenarioFrom(readFileSync(file, 'utf8'), file), ...stack });
}

export const SECONDS_15 = { scrapeMs: 15_000, scrapeTimeoutMs: 10_000, evaluationMs: 15_000 };

/** What a small test knows: rules as `alert: [expr, for]`, or a recording rule as `record: expr`, and texts. */
export interface Small {
  alerts?: Record<string, [expr: string, forText?: string, labels?: Record<string, string>]>;
  records?: Record<string, string>;
  /** Steps of the timeline, in YAML; `expect` likewise. */
  steps?: string;
  expect?: string;
  rest?: string;
  metrics?: string;
  /** The list of scrape_configs, in YAML. */
  jobs?: string;
  world?: World;
}

const JOBS = `[{ job_name: api, static_configs: [{ targets: ['api:5000'] }] }]`;

/** `kind alert: message` of every finding in a stack and a scenario written in a few words. */
export function small(given: Small): Finding[] {
  const records = Object.entries(given.records ?? {}).map(([record, expr]) => ({ record, expr }));
  const alerts = Object.entries(given.alerts ?? {}).map(([alert, [expr, wait = '1m', labels = {}]]) => ({
    alert,
    expr,
    for: wait,
    labels,
  }));
  const rules = parseRules(
    JSON.stringify({ groups: [{ name: 'g', rules: [...records, ...alerts] }] }),
    'r.yml',
  );
  const { exposition } = parseExposition(given.metrics ?? '', 'metrics.txt');
  const config = parsePrometheusConfig(`scrape_configs: ${given.jobs ?? JOBS}`, 'prometheus.yml');
  const problems = [...rules.problems, ...config.problems];
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  const scenario = scenarioFrom(
    `name: x\ntitle: t\ntimeline: [${given.steps ?? ''}]\nexpect: [${given.expect ?? ''}]\nwatch: 5m\n${given.rest ?? ''}`,
  );
  return findingsOf({
    scenario,
    rules,
    cadence: SECONDS_15,
    world: {
      ...(given.jobs === '' ? {} : { scrape: config.config! }),
      ...(given.metrics === undefined ? {} : { app: exposition }),
      ...given.world,
    },
  });
}

/** The kinds of a small stack's findings. */
export function kinds(given: Small): string[] {
  return small(given).map(({ kind }) => kind);
}
