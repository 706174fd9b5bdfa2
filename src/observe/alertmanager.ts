import * as z from 'zod';
import { systemClock } from '../core/clock.ts';
import { parseExposition } from '../rules/exposition.ts';
import { getDate, getJson, getList, getText, leastOffset } from './http.ts';
import { ListReader } from './list-reader.ts';

const labels = z.record(z.string(), z.string());
const alert = z.object({
  labels,
  fingerprint: z.string(),
  startsAt: z.string(),
  endsAt: z.string(),
  updatedAt: z.string(),
  status: z.object({
    state: z.enum(['unprocessed', 'active', 'suppressed']),
    silencedBy: z.array(z.string()),
    inhibitedBy: z.array(z.string()),
  }),
});

const silence = z.object({
  id: z.string(),
  matchers: z.array(
    z.object({
      name: z.string(),
      value: z.string(),
      isRegex: z.boolean(),
      isEqual: z.boolean().default(true),
    }),
  ),
  startsAt: z.string(),
  endsAt: z.string(),
  createdBy: z.string(),
  comment: z.string(),
  status: z.object({ state: z.enum(['active', 'pending', 'expired']) }),
});

/** A silence as somebody made it; times are ISO 8601. */
export type Silence = z.infer<typeof silence>;

/**
 * An alert as the Alertmanager v2 API shows it: `startsAt` is when Prometheus began *firing* it, `updatedAt` when it last
 * arrived.
 */
export type ManagedAlert = z.infer<typeof alert>;

/** The read side of an Alertmanager. Methods throw Unreachable where it does not answer as it should. */
export class Alertmanager {
  readonly url: string;
  readonly #signal: AbortSignal | undefined;
  readonly #alerts = new ListReader(alert);

  constructor(url: string, signal?: AbortSignal) {
    this.url = url;
    this.#signal = signal;
  }

  /**
   * Unresolved alerts, suppressed ones included: a silenced alert has arrived, and must be told from a missed one.
   * One that is as it was at the last call is the same object.
   */
  alerts(): Promise<ManagedAlert[]> {
    const params = { active: true, silenced: true, inhibited: true, unprocessed: true };
    const question = { params, signal: this.#signal };
    return getList('Alertmanager', `${this.url}/api/v2/alerts`, this.#alerts, question);
  }

  /** Version and start, by which a restart in the middle of a run is known. */
  async build(): Promise<{ version: string; startedAt: string }> {
    const shape = z.object({ uptime: z.string(), versionInfo: z.object({ version: z.string() }) });
    const { uptime, versionInfo } = await this.#get('status', shape);
    return { version: versionInfo.version, startedAt: uptime };
  }

  /** The configuration in force, as YAML, its secrets masked by Alertmanager itself. */
  async configuration(): Promise<string> {
    const { config } = await this.#get('status', z.object({ config: z.object({ original: z.string() }) }));
    return config.original;
  }

  /** Those that are in force, or will be. */
  async silences(): Promise<Silence[]> {
    const all = await this.#get('silences', z.array(silence));
    return all.filter(({ status }) => status.state !== 'expired');
  }

  /** Notifications since it was started, over all its integrations; those that failed are among them. */
  async deliveries(): Promise<{ sent: number; failed: number }> {
    const text = await getText('Alertmanager', `${this.url}/metrics`, { signal: this.#signal });
    const { samples } = parseExposition(text, `${this.url}/metrics`).exposition;
    const sum = (metric: string) =>
      (samples.get(metric) ?? []).reduce((total, { value }) => total + value, 0);
    return {
      sent: sum('alertmanager_notifications_total'),
      failed: sum('alertmanager_notifications_failed_total'),
    };
  }

  /** How much its clock is certainly off ours, in milliseconds: it tells its time in whole seconds. */
  async skew(): Promise<number> {
    const sentAt = systemClock.now();
    const theirs = await getDate('Alertmanager', `${this.url}/-/healthy`, this.#signal);
    return leastOffset(theirs - systemClock.now(), theirs + 1000 - sentAt);
  }

  #get<T>(path: string, shape: z.ZodType<T>): Promise<T> {
    return getJson('Alertmanager', `${this.url}/api/v2/${path}`, shape, { signal: this.#signal });
  }
}
