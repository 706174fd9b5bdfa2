import { join, relative } from 'node:path';
import { ChaosError, type Problem } from '../core/errors.ts';
import { isLoopback } from '../core/loopback.ts';
import { STACK_DIR } from '../core/paths.ts';
import type { World } from '../plan/world.ts';
import { readAlertmanagerConfig } from '../rules/alertmanager-config.ts';
import { readExposition } from '../rules/exposition.ts';
import { DEFAULT_CADENCE, readPrometheusConfig } from '../rules/prometheus-config.ts';
import type { Cadence } from '../rules/rule.ts';
import { type RuleSet, readRuleFiles } from '../rules/rule-files.ts';
import { knownFromStack } from '../scenario/known.ts';
import type { Known } from '../scenario/rough.ts';
import type { LivePlan } from './plan-live.ts';

/** Where a plan's rules come from, and what else is known. Paths as the user wrote them. */
export interface PlanSources {
  rules?: string | undefined;
  'prometheus-config'?: string | undefined;
  'app-metrics'?: string | undefined;
  'alertmanager-config'?: string | undefined;
  prometheus?: string | undefined;
}

export interface PlanInputs {
  rules: Pick<RuleSet, 'alerts' | 'recordings'>;
  cadence: Cadence;
  world: World;
  /** What scenarios are checked against: of a stack that is not ours, neither services nor alerts are known. */
  known: Known;
  problems: Problem[];
}

/**
 * Reads what a plan is made from. Without rules or a Prometheus to read them from, that is the lab's own stack; beside
 * them, only what is given.
 * @throws ChaosError `usage` for a Prometheus that is not on this machine, `not-ready` for one that does not answer
 */
export async function readPlanInputs(given: PlanSources): Promise<PlanInputs> {
  const ours = given.rules === undefined && given.prometheus === undefined;
  const files = ours ? { ...stackFiles(), ...present(given) } : given;
  const problems: Problem[] = [];
  const keep = <T>({ problems: found, ...read }: { problems: Problem[] } & T) => {
    problems.push(...found);
    return read;
  };
  const rules = files.rules === undefined ? undefined : keep(readRuleFiles(files.rules));
  if (rules?.alerts.length === 0 && problems.length === 0)
    problems.push({ file: files.rules!, line: 1, column: 1, message: 'there is no alerting rule here' });
  const scrapeFile = files['prometheus-config'];
  const alertmanagerFile = files['alertmanager-config'];
  const appFile = files['app-metrics'];
  const scrape = scrapeFile === undefined ? undefined : keep(readPrometheusConfig(scrapeFile)).config;
  const alertmanager =
    alertmanagerFile === undefined ? undefined : keep(readAlertmanagerConfig(alertmanagerFile)).config;
  const app = appFile === undefined ? undefined : keep(readExposition(appFile)).exposition;
  const live = given.prometheus === undefined ? undefined : await readLive(given.prometheus, rules);
  const world: World = {
    ...live?.world,
    ...(scrape ? { scrape } : {}),
    ...(alertmanager ? { alertmanager } : {}),
    ...(app ? { app } : {}),
  };
  return {
    rules: rules ?? live!.rules,
    cadence: scrape?.cadence ?? live?.cadence ?? DEFAULT_CADENCE,
    world,
    known: ours ? knownFromStack(STACK_DIR, rules && { ...rules, problems: [] }) : {},
    problems,
  };
}

async function readLive(address: string, rules: PlanInputs['rules'] | undefined): Promise<LivePlan> {
  if (
    !URL.canParse(address) ||
    !/^https?:$/.test(new URL(address).protocol) ||
    !isLoopback(new URL(address).hostname)
  )
    throw new ChaosError('usage', `${address} is no address of a Prometheus on this machine.`, {
      hint: '--prometheus http://127.0.0.1:9090; forward a port to reach another machine',
    });
  const { readLivePlan } = await import('./plan-live.ts');
  return readLivePlan(address.replace(/\/+$/, ''), rules);
}

function stackFiles(): Required<Omit<PlanSources, 'prometheus'>> {
  const ours = (path: string) => {
    const whole = join(STACK_DIR, path);
    const short = relative(process.cwd(), whole);
    return short.startsWith('..') ? whole : short;
  };
  return {
    rules: ours('prometheus/rules'),
    'prometheus-config': ours('prometheus/prometheus.yml'),
    'alertmanager-config': ours('alertmanager/alertmanager.yml'),
    'app-metrics': ours('metrics/api.txt'),
  };
}

function present(given: PlanSources): PlanSources {
  return Object.fromEntries(Object.entries(given).filter(([, path]) => path !== undefined));
}
