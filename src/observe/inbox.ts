import * as z from 'zod';
import { getJson } from './http.ts';

const labels = z.record(z.string(), z.string());
const answer = z.object({
  next: z.number(),
  notifications: z.array(
    z.object({
      receivedAt: z.string(),
      receiver: z.string(),
      alerts: z.array(z.object({ status: z.enum(['firing', 'resolved']), labels, startsAt: z.string() })),
    }),
  ),
});

/** One alert inside a notification, and when the notification arrived. */
export interface Notified {
  labels: Record<string, string>;
  status: 'firing' | 'resolved';
  /** ISO 8601, by the inbox's clock. */
  receivedAt: string;
  startsAt: string;
}

/** The lab's webhook receiver, read forward from a point in its sequence. */
export class Inbox {
  readonly #url: string;
  #next = 0;

  constructor(url: string) {
    this.#url = url;
  }

  /**
   * What has arrived since the last call; the first call returns everything kept.
   * @throws Unreachable
   */
  async news(signal?: AbortSignal): Promise<Notified[]> {
    const options = { params: { since: this.#next }, signal };
    const { next, notifications } = await getJson('Inbox', `${this.#url}/notifications`, answer, options);
    this.#next = next;
    return notifications.flatMap(({ receivedAt, alerts }) =>
      alerts.map(({ labels, status, startsAt }) => ({ labels, status, receivedAt, startsAt })),
    );
  }
}
