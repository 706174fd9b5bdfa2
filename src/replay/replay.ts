import { orNull } from '../observe/http.ts';
import { readHeld } from '../run/collect.ts';
import type { Evidence } from '../run/record.ts';
import type { RawSamples } from '../run/samples.ts';
import { effectOf } from '../run/watch.ts';
import { Evaluator } from './evaluator.ts';
import { underRules } from './evidence.ts';
import { limitsOf } from './limits.ts';
import type { ReplayServer } from './server.ts';

/**
 * A run as it would have been under other rules, from what they would have read.
 * @param from where the rules are from, for the record
 * @throws ChaosError `inconclusive` where a rule reads what was not recorded, `bad-file` where one cannot be evaluated
 */
export async function replay(
  server: ReplayServer,
  evidence: Evidence,
  samples: RawSamples,
  { rules, from }: { rules: Evidence['rules']; from: string },
): Promise<Evidence> {
  const limits = limitsOf(evidence, samples, rules, server.version);
  const evaluator = await Evaluator.load(server, evidence, samples, rules.recordings);
  const history = [];
  for (const rule of rules.alerts) history.push(...(await evaluator.episodes(rule)));
  const replayed = underRules(evidence, rules, history, { rules: from, prometheus: server.version, limits });
  for (const [i, { alert, labels, because }] of evidence.expect.entries()) {
    const effect = effectOf(evidence.steps, because);
    const rule = rules.alerts.find(({ name }) => name === alert);
    if (effect && rule)
      replayed.held[i] = await orNull(
        readHeld(server.prometheus, rule.expr, labels, effect.startedAt, samples.toMs),
      );
  }
  return replayed;
}
