import { ChaosError } from '../core/errors.ts';
import { without } from '../core/labels.ts';
import type { Episode } from '../observe/history.ts';
import { Unreachable } from '../observe/http.ts';
import type { Series } from '../observe/prometheus.ts';
import type { AlertRule, RecordingRule } from '../rules/rule.ts';
import type { Evidence } from '../run/record.ts';
import type { RawSamples } from '../run/samples.ts';
import { episodesOfRule } from './alerting.ts';
import { inOrder } from './order.ts';
import type { Points } from './remote-write.ts';
import type { ReplayServer } from './server.ts';
import { marked, withEnds } from './stale.ts';
import { type Beat, beatOf, type Known, timesOf } from './times.ts';

/** An expression that Prometheus parses, and then refuses to evaluate: many-to-many matching, for one. */
export class Refused extends ChaosError {}

/** Evaluates rules on one record's samples, in one throwaway Prometheus. */
export class Evaluator {
  readonly #server: ReplayServer;
  readonly #samples: RawSamples;
  readonly #known: Known;
  readonly #startMs: number;
  /** What was asked already: a rule that differs in its `for` alone has the same answers. */
  readonly #answers = new Map<string, Promise<Series[]>>();

  private constructor(server: ReplayServer, evidence: Evidence, samples: RawSamples) {
    this.#server = server;
    this.#samples = samples;
    this.#startMs = Date.parse(evidence.startedAt);
    this.#known = {
      samples,
      alerts: evidence.rules.alerts,
      evaluationMs: evidence.cadence.evaluationMs,
    };
  }

  /** Loads the samples and what the recording rules make of them. */
  static async load(
    server: ReplayServer,
    evidence: Evidence,
    samples: RawSamples,
    recordings: readonly RecordingRule[],
  ): Promise<Evaluator> {
    const evaluator = new Evaluator(server, evidence, samples);
    // A selector without a name has seen these as well; they are made anew.
    const again = new Set(recordings.map(({ record }) => record));
    const raw = samples.series.filter(({ metric }) => !again.has(metric.__name__ ?? ''));
    await server.write(withEnds(raw, evidence.cadence.evaluationMs));
    for (const rule of inOrder(recordings)) await evaluator.record(rule);
    return evaluator;
  }

  /** Evaluates a recording rule at its times, and stores what it gives, as Prometheus does, ends included. */
  async record(rule: RecordingRule): Promise<void> {
    const beat = this.#beat(rule, this.#samples.fromMs);
    const points = (await this.#evaluate(rule.expr, beat)).map(({ metric, values }): Points => {
      const all = Object.entries({ ...without(metric, '__name__'), ...rule.labels, __name__: rule.record });
      return {
        metric: Object.fromEntries(all.filter(([, value]) => value !== '')),
        points: marked(
          values.map(([seconds, value]) => [Math.round(seconds * 1000), value]),
          (at) => (at < beat.endMs ? at + beat.stepMs : undefined),
        ),
      };
    });
    await this.#server.write(points);
  }

  /**
   * The stays of an alert that reach into the run, from evaluations that begin so long before it that one that was
   * pending then has its beginning.
   * @throws Refused
   */
  async episodes(rule: AlertRule): Promise<Episode[]> {
    const before = this.#startMs - rule.forMs - 2 * (rule.intervalMs || this.#known.evaluationMs);
    const beat = this.#beat(rule, Math.max(this.#samples.fromMs, before));
    const truths = (await this.#evaluate(rule.expr, beat)).map(({ metric, values }) => ({
      metric,
      times: values.map(([seconds]) => Math.round(seconds * 1000)),
    }));
    // As the live history has them: with an evaluation in the run that still found it.
    return episodesOfRule(rule, truths, timesOf(beat)).filter(
      ({ resolvedAt }) => resolvedAt === undefined || resolvedAt - beat.stepMs >= this.#startMs,
    );
  }

  #beat(rule: AlertRule | RecordingRule, fromMs: number): Beat {
    return beatOf(rule, this.#known, fromMs, this.#samples.toMs);
  }

  #evaluate(expr: string, { startMs, endMs, stepMs }: Beat): Promise<Series[]> {
    const key = JSON.stringify([expr, startMs, endMs, stepMs]);
    const asked =
      this.#answers.get(key) ?? refusing(expr, this.#server.prometheus.range(expr, startMs, endMs, stepMs));
    this.#answers.set(key, asked);
    return asked;
  }
}

async function refusing(expr: string, asked: Promise<Series[]>): Promise<Series[]> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Unreachable && error.status !== undefined && error.status < 500)
      throw new Refused('bad-file', `Prometheus does not evaluate this: ${expr}`, { cause: error });
    throw error;
  }
}
