import { alertName } from '../core/labels.ts';
import type { Episode } from '../observe/history.ts';
import { type Mutation, mutationsOf } from '../rules/mutations.ts';
import type { AlertRule, RecordingRule } from '../rules/rule.ts';
import { metricNames, renameMetrics } from '../rules/selectors.ts';
import type { Evidence } from '../run/record.ts';
import type { RawSamples } from '../run/samples.ts';
import { judge } from '../verdict/judge.ts';
import type { Verdict } from '../verdict/verdict.ts';
import { Evaluator, Refused } from './evaluator.ts';
import { underRules } from './evidence.ts';
import { inOrder, readersOf } from './order.ts';
import type { ReplayServer } from './server.ts';

/**
 * What one run made of a mutant: `noticed` where its verdict, an outcome or the unexpected alerts are others;
 * `unknown` where they only became inconclusive, as the run was over too soon; `refused` where Prometheus evaluates
 * no such rule.
 */
export type Fate = 'noticed' | 'unnoticed' | 'unknown' | 'refused';

/** A mutant of one rule. The same change of the same rule has the same key in every run. */
export interface Mutant {
  key: string;
  rule: string;
  mutation: Mutation;
  /** The rules with it, in their order. */
  rules: Evidence['rules'];
  /** The rule it replaces. */
  original: AlertRule | RecordingRule;
}

/** Every mutant of a run's rules. */
export function mutantsOf(rules: Evidence['rules'], speed: number): Mutant[] {
  const seen = new Map<string, number>();
  return [...rules.alerts, ...rules.recordings].flatMap((original) => {
    const rule = 'name' in original ? original.name : original.record;
    return mutationsOf(original, speed).map((mutation): Mutant => {
      const { kind, before, after, expr, forMs } = mutation;
      const change = `${rule} ${kind} ${before} ${after}`;
      const nth = (seen.get(change) ?? 0) + 1;
      seen.set(change, nth);
      const replaced = <T extends AlertRule | RecordingRule>(one: T) =>
        one === original ? { ...one, expr, ...('forMs' in one ? { forMs } : {}) } : one;
      const mutated = {
        alerts: rules.alerts.map(replaced),
        recordings: rules.recordings.map(replaced),
      };
      return { key: `${change} ${nth}`, rule, mutation, rules: mutated, original };
    });
  });
}

/** Judges one run under each mutant, in one throwaway Prometheus. */
export class MutantJudge {
  readonly #evaluator: Evaluator;
  readonly #evidence: Evidence;
  readonly #rules: Evidence['rules'];
  readonly #stays: Map<AlertRule, Episode[]>;
  /** Of the rules as they are, evaluated again: what mutants are held against. */
  readonly verdict: Verdict;
  #variants = 0;

  private constructor(
    evaluator: Evaluator,
    evidence: Evidence,
    rules: Evidence['rules'],
    stays: Map<AlertRule, Episode[]>,
  ) {
    this.#evaluator = evaluator;
    this.#evidence = evidence;
    this.#rules = rules;
    this.#stays = stays;
    this.verdict = this.#judge(rules, [...stays.values()]);
  }

  static async load(server: ReplayServer, evidence: Evidence, samples: RawSamples, rules: Evidence['rules']) {
    const evaluator = await Evaluator.load(server, evidence, samples, rules.recordings);
    const stays = new Map<AlertRule, Episode[]>();
    for (const rule of rules.alerts) stays.set(rule, await evaluator.episodes(rule));
    return new MutantJudge(evaluator, evidence, rules, stays);
  }

  async fateOf(mutant: Mutant): Promise<Fate> {
    try {
      const changed = await this.#changed(mutant);
      const stays = this.#rules.alerts.map((rule) => changed.get(rule) ?? this.#stays.get(rule)!);
      return fate(this.verdict, this.#judge(mutant.rules, stays));
    } catch (error) {
      if (error instanceof Refused) return 'refused';
      throw error;
    }
  }

  /** The stays of the alerts that the mutant can have changed, by the rule as it was. */
  async #changed({ original, mutation, rules }: Mutant): Promise<Map<AlertRule, Episode[]>> {
    const changed = new Map<AlertRule, Episode[]>();
    if ('name' in original) {
      const at = this.#rules.alerts.indexOf(original);
      return changed.set(original, await this.#evaluator.episodes(rules.alerts[at]!));
    }
    // What the mutant records, and all that is recorded from it, stands beside the rest under other names.
    this.#variants++;
    const others = readersOf(original.record, this.#rules.recordings);
    const names = new Map([...others].map((name) => [name, `${name}:mutant${this.#variants}`]));
    for (const rule of inOrder(this.#rules.recordings)) {
      const record = names.get(rule.record);
      const expr = renameMetrics(rule === original ? mutation.expr : rule.expr, names);
      if (record) await this.#evaluator.record({ ...rule, record, expr });
    }
    for (const rule of this.#rules.alerts) {
      if (!metricNames(rule.expr).some((name) => others.has(name))) continue;
      const expr = renameMetrics(rule.expr, names);
      changed.set(rule, await this.#evaluator.episodes({ ...rule, expr }));
    }
    return changed;
  }

  #judge(rules: Evidence['rules'], stays: readonly Episode[][]): Verdict {
    const replayed = { rules: '', prometheus: '', limits: [] };
    return judge(underRules(this.#evidence, rules, stays.flat(), replayed));
  }
}

/** What a run makes of a mutant, by its verdicts without it and with it. */
export function fate(before: Verdict, after: Verdict): Fate {
  const surprises = ({ unexpected }: Verdict) =>
    [...new Set(unexpected.map(({ alert, labels }) => alertName(alert, labels)))].sort().join('\n');
  if (surprises(before) !== surprises(after)) return 'noticed';
  const changes = [
    [before.verdict, after.verdict],
    ...before.expectations.map(({ outcome }, i) => [outcome, after.expectations[i]?.outcome]),
  ].filter(([was, is]) => was !== is);
  if (changes.some(([, is]) => is !== 'inconclusive')) return 'noticed';
  return changes.length > 0 ? 'unknown' : 'unnoticed';
}
