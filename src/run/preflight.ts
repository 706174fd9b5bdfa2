import type { Clock } from '../core/clock.ts';
import { ChaosError } from '../core/errors.ts';
import { baseUrl, type Lab } from '../core/lab.ts';
import type { Looking } from '../docker/engine.ts';
import { findFault } from '../faults/index.ts';
import { Alertmanager } from '../observe/alertmanager.ts';
import { Unreachable } from '../observe/http.ts';
import { Inbox } from '../observe/inbox.ts';
import type { Witnesses } from '../observe/observer.ts';
import { Prometheus, type PrometheusSettings } from '../observe/prometheus.ts';
import type { AlertRule, RecordingRule } from '../rules/rule.ts';
import type { FaultStep, Scenario } from '../scenario/scenario.ts';
import { readSurroundings, type Surroundings } from './surroundings.ts';

/** What must be known of the stack before anything is touched. */
export interface Ready {
  settings: PrometheusSettings;
  rules: { alerts: AlertRule[]; recordings: RecordingRule[] };
  builds: Builds;
  surroundings: Surroundings;
}

/** Version and start of both servers; another start at the end of the run is a restart. */
export interface Builds {
  prometheus: { version: string; startedAt: string };
  alertmanager: { version: string; startedAt: string };
}

/** The three witnesses of a lab. */
export function witnessesOf(lab: Lab): Witnesses {
  return {
    prometheus: new Prometheus(baseUrl(lab, 'PROMETHEUS_PORT')),
    alertmanager: new Alertmanager(baseUrl(lab, 'ALERTMANAGER_PORT')),
    inbox: lab.foreign ? undefined : new Inbox(baseUrl(lab, 'INBOX_PORT')),
  };
}

/** @throws Unreachable */
export async function readBuilds({ prometheus, alertmanager }: Witnesses): Promise<Builds> {
  const [first, second] = await Promise.all([prometheus.build(), alertmanager.build()]);
  return { prometheus: first, alertmanager: second };
}

/** What was started a moment ago is waited for, but not for longer than this; wall milliseconds. */
const PATIENCE_MS = 15_000;

/**
 * As `preflight`, asked again until the lab is ready: a container that an earlier run has just started serves a
 * moment later.
 * @throws ChaosError `not-ready` with every reason at once, after 15 s and two scrapes
 */
export async function awaitPreflight(
  scenario: Scenario,
  lab: Lab,
  witnesses: Witnesses,
  world: { engine: Looking; clock: Clock },
  { signal, onWaiting }: { signal: AbortSignal; onWaiting: (reason: string) => void },
): Promise<Ready> {
  const { clock } = world;
  const giveUpAt = clock.now() + PATIENCE_MS + (2 * 15_000) / lab.speed;
  let told = '';
  for (;;) {
    try {
      return await preflight(scenario, lab, witnesses, world);
    } catch (error) {
      if (!(error instanceof ChaosError) || clock.now() >= giveUpAt) throw error;
      if (error.message !== told) onWaiting(error.message);
      told = error.message;
    }
    await clock.sleep(1000, signal);
  }
}

/**
 * Checks, without changing anything, that the run can begin: witnesses answer, every target is UP (of a stack that is
 * not ours that is its own affair), every expected alert has a rule, every fault can act.
 * @throws ChaosError `not-ready` with every reason at once
 */
async function preflight(
  scenario: Scenario,
  lab: Lab,
  witnesses: Witnesses,
  world: { engine: Looking; clock: Clock },
): Promise<Ready> {
  const { prometheus } = witnesses;
  try {
    const [settings, rules, targets, builds, surroundings] = await Promise.all([
      prometheus.settings(),
      prometheus.rules(),
      prometheus.targets(),
      readBuilds(witnesses),
      readSurroundings(witnesses),
    ]);
    const reasons = [
      ...targets
        .filter(({ health }) => health !== 'up' && !lab.foreign)
        .map(
          ({ labels, lastError }) =>
            `target ${labels.job} ${labels.instance} is not UP: ${lastError || 'not scraped yet'}`,
        ),
      ...missingRules(scenario, rules.alerts).map((alert) => `no loaded rule is called ${alert}`),
      ...(await refusals(scenario, lab, world)),
    ];
    if (reasons.length > 0) {
      throw new ChaosError('not-ready', `The lab is not ready: ${reasons.join('; ')}.`, {
        hint: `chaos status --name ${lab.name} shows it; chaos up --name ${lab.name} mends most of it`,
      });
    }
    return { settings, rules, builds, surroundings };
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    throw new ChaosError('not-ready', `The lab ${lab.name} does not answer: ${error.message}.`, {
      cause: error,
      hint: `chaos up --name ${lab.name}`,
    });
  }
}

function missingRules({ expect }: Scenario, alerts: readonly AlertRule[]): string[] {
  const names = new Set(alerts.map(({ name }) => name));
  return [...new Set(expect.map(({ alert }) => alert))].filter((alert) => !names.has(alert));
}

async function refusals(
  scenario: Scenario,
  lab: Lab,
  world: { engine: Looking; clock: Clock },
): Promise<string[]> {
  const faults = scenario.timeline.filter((step): step is FaultStep => step.kind === 'fault');
  const reasons = await Promise.all(
    faults.map(async ({ id, type, fields }) => {
      try {
        await findFault(type)?.prepare(fields, { lab, ...world });
        return [];
      } catch (error) {
        if (error instanceof ChaosError) return [`${id}: ${error.message.replace(/\.$/, '')}`];
        throw error;
      }
    }),
  );
  return reasons.flat();
}
