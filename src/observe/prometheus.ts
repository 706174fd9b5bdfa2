import { parse } from 'yaml';
import * as z from 'zod';
import { systemClock } from '../core/clock.ts';
import { parseDuration } from '../core/duration.ts';
import type { AlertRule, RecordingRule } from '../rules/rule.ts';
import { getJson, getList, leastOffset, type Way } from './http.ts';
import { ListReader } from './list-reader.ts';
import {
  alert,
  answer,
  healthAnswer,
  labels,
  matrixAnswer,
  numberedAlerts,
  rulesAnswer,
  scalarAnswer,
  targetsAnswer,
  vectorAnswer,
} from './prometheus-answers.ts';

/** Samples of one series: `[seconds since the Unix epoch, value as text]`, in time order. */
export type Series = z.infer<typeof matrixAnswer>['data']['result'][number];

/** A pending or firing alert as Prometheus itself shows it; `activeAt` is when it became pending. */
export interface LiveAlert {
  labels: Record<string, string>;
  state: 'pending' | 'firing';
  activeAt: number;
}

/** A rule group as it runs: every `intervalMs` before and after `evaluatedAt`, milliseconds since the Unix epoch. */
export interface Group {
  name: string;
  file: string;
  intervalMs: number;
  evaluatedAt: number;
}

/** What a live Prometheus was started with. Durations are milliseconds of wall time. */
export interface PrometheusSettings {
  scrapeMs: number;
  scrapeTimeoutMs: number;
  evaluationMs: number;
  /** From the external label `chaos_speed`; 1 on a stack that does not state it. */
  speed: number;
}

/** The read side of a Prometheus. Every method throws Unreachable where the server does not answer as it should. */
export class Prometheus {
  readonly url: string;
  readonly #signal: AbortSignal | undefined;
  readonly #way: Way;
  readonly #alerts = new ListReader(alert, numberedAlerts, 3);

  constructor(url: string, signal?: AbortSignal, way: Way = {}) {
    this.url = url;
    this.#signal = signal;
    this.#way = way;
  }

  /** Every loaded rule, with the durations as this Prometheus runs them. */
  async rules(): Promise<{ alerts: AlertRule[]; recordings: RecordingRule[] }> {
    const { data } = await this.#get('rules', rulesAnswer);
    const alerts: AlertRule[] = [];
    const recordings: RecordingRule[] = [];
    for (const group of data.groups) {
      const origin = { group: group.name, file: group.file, intervalMs: group.interval * 1000 };
      for (const rule of group.rules) {
        if (rule.type === 'recording')
          recordings.push({ record: rule.name, expr: rule.query, labels: rule.labels, ...origin });
        else
          alerts.push({
            name: rule.name,
            expr: rule.query,
            forMs: rule.duration * 1000,
            keepFiringForMs: rule.keepFiringFor * 1000,
            labels: rule.labels,
            annotations: rule.annotations,
            ...origin,
          });
      }
    }
    return { alerts, recordings };
  }

  /** Rules whose last evaluation failed, and why. */
  async failing(): Promise<{ name: string; why: string }[]> {
    const { data } = await this.#get('rules', healthAnswer);
    return data.groups.flatMap(({ rules }) =>
      rules.flatMap(({ name, health, lastError }) =>
        health === 'err' ? [{ name, why: lastError ?? '' }] : [],
      ),
    );
  }

  /** The groups of the loaded rules, and when each was last evaluated. */
  async groups(): Promise<Group[]> {
    const { data } = await this.#get('rules', rulesAnswer);
    return data.groups.map(({ name, file, interval, lastEvaluation }) => ({
      name,
      file,
      intervalMs: interval * 1000,
      evaluatedAt: Date.parse(lastEvaluation),
    }));
  }

  /** One that is as it was at the last call is the same object. */
  async alerts(): Promise<LiveAlert[]> {
    const question = { ...this.#way, signal: this.#signal };
    const all = await getList('Prometheus', `${this.url}/api/v1/alerts`, this.#alerts, question);
    return all.filter((one): one is LiveAlert => one.state !== 'inactive');
  }

  async targets() {
    const { data } = await this.#get('targets', targetsAnswer, { state: 'active' });
    return data.activeTargets;
  }

  /** The configuration in force, as YAML. */
  async configuration(): Promise<string> {
    const { data } = await this.#get('status/config', answer(z.object({ yaml: z.string() })));
    return data.yaml;
  }

  /** The name of every metric it has stored. */
  async metricNames(): Promise<string[]> {
    const { data } = await this.#get('label/__name__/values', answer(z.array(z.string())));
    return data;
  }

  /** The label sets of a metric, of all that is stored. */
  async series(metric: string) {
    const params = { 'match[]': `{__name__=${JSON.stringify(metric)}}` };
    const { data } = await this.#get('series', answer(z.array(labels)), params);
    return data;
  }

  /** Intervals and speed from the configuration in force. */
  async settings(): Promise<PrometheusSettings> {
    const { global } = z
      .object({
        global: z.object({
          scrape_interval: z.string(),
          scrape_timeout: z.string(),
          evaluation_interval: z.string(),
          external_labels: labels.default({}),
        }),
      })
      .parse(parse(await this.configuration()));
    return {
      scrapeMs: parseDuration(global.scrape_interval) ?? Number.NaN,
      scrapeTimeoutMs: parseDuration(global.scrape_timeout) ?? Number.NaN,
      evaluationMs: parseDuration(global.evaluation_interval) ?? Number.NaN,
      speed: Number(global.external_labels.chaos_speed ?? 1),
    };
  }

  /** Version and start, by which a restart in the middle of a run is known. */
  async build(): Promise<{ version: string; startedAt: string }> {
    const { data: version } = await this.#get('status/buildinfo', answer(z.object({ version: z.string() })));
    const { data: runtime } = await this.#get(
      'status/runtimeinfo',
      answer(z.object({ startTime: z.string() })),
    );
    return { version: version.version, startedAt: runtime.startTime };
  }

  /** How much its clock is certainly off ours, in milliseconds. */
  async skew(): Promise<number> {
    const sentAt = systemClock.now();
    const { data } = await this.#get('query', scalarAnswer, { query: 'time()' });
    const theirs = Number(data.result[1]) * 1000;
    return leastOffset(theirs - systemClock.now(), theirs - sentAt);
  }

  /** The raw samples of a selector between two times: no step, no lookback, the stored timestamps. */
  async samples(selector: string, startMs: number, endMs: number): Promise<Series[]> {
    const query = `${selector}[${Math.max(1, Math.ceil(endMs - startMs))}ms]`;
    const { data } = await this.#get('query', matrixAnswer, { query, time: endMs / 1000 });
    return data.result;
  }

  /** An expression's value at one time (now by default). */
  async instant(query: string, timeMs?: number) {
    const at = timeMs === undefined ? {} : { time: timeMs / 1000 };
    const { data } = await this.#get('query', vectorAnswer, { query, ...at });
    return data.result;
  }

  /** An expression evaluated every `stepMs` from start to end; Prometheus refuses more than 11,000 steps. */
  async range(query: string, startMs: number, endMs: number, stepMs: number): Promise<Series[]> {
    const params = { query, start: startMs / 1000, end: endMs / 1000, step: stepMs / 1000 };
    const { data } = await this.#get('query_range', matrixAnswer, params);
    return data.result;
  }

  #get<T>(path: string, shape: z.ZodType<T>, params: Record<string, unknown> = {}): Promise<T> {
    return getJson('Prometheus', `${this.url}/api/v1/${path}`, shape, {
      ...this.#way,
      params,
      signal: this.#signal,
    });
  }
}
