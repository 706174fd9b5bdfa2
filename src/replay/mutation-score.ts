import type { Mutation } from '../rules/mutations.ts';
import type { Fate, Mutant } from './mutants.ts';

/** One mutant, and what all runs together made of it. */
export interface Judged extends Pick<Mutation, 'kind' | 'before' | 'after'> {
  fate: 'killed' | 'survived' | 'unknown' | 'refused';
  /** The scenarios that notice it. */
  killedBy: string[];
}

/** Mutants killed of all that Prometheus evaluates at all. */
export interface Tally {
  killed: number;
  all: number;
  /** killed / all, two decimals; null where there is no mutant. */
  score: number | null;
}

export interface MutationReport extends Tally {
  /** The runs that were graded, by scenario. */
  scenarios: string[];
  rules: (Tally & { rule: string; mutants: Judged[] })[];
  /** What must be said with it, as sentences. */
  limits: string[];
}

/**
 * Puts together what each run made of each mutant. One that any run notices is killed. One that none notices has
 * survived, or is unknown where a run was over too soon to tell.
 */
export function mutationReport(
  runs: readonly { scenario: string; fates: readonly { mutant: Mutant; fate: Fate }[] }[],
  limits: readonly string[],
): MutationReport {
  const found = new Map<string, { mutant: Mutant; by: { scenario: string; fate: Fate }[] }>();
  for (const { scenario, fates } of runs) {
    for (const { mutant, fate } of fates) {
      const entry = found.get(mutant.key) ?? { mutant, by: [] };
      found.set(mutant.key, entry);
      entry.by.push({ scenario, fate });
    }
  }
  const judged = [...found.values()].map(({ mutant: { rule, mutation }, by }) => {
    const { kind, before, after } = mutation;
    const killedBy = by.filter(({ fate }) => fate === 'noticed').map(({ scenario }) => scenario);
    return { rule, kind, before, after, fate: together(by.map(({ fate }) => fate)), killedBy };
  });
  const rules = [...new Set(judged.map(({ rule }) => rule))].map((rule) => {
    const mutants = judged.filter((one) => one.rule === rule).map(({ rule: _, ...mutant }) => mutant);
    return { rule, ...tally(mutants), mutants };
  });
  const scenarios = runs.map(({ scenario }) => scenario);
  return { scenarios, ...tally(judged), rules, limits: [...limits] };
}

function together(fates: readonly Fate[]): Judged['fate'] {
  if (fates.includes('noticed')) return 'killed';
  if (fates.includes('unknown')) return 'unknown';
  return fates.includes('unnoticed') ? 'survived' : 'refused';
}

function tally(mutants: readonly { fate: Judged['fate'] }[]): Tally {
  const all = mutants.filter(({ fate }) => fate !== 'refused').length;
  const killed = mutants.filter(({ fate }) => fate === 'killed').length;
  return { killed, all, score: all === 0 ? null : Math.round((100 * killed) / all) / 100 };
}
