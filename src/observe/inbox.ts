import * as z from 'zod';
import { getJson } from './http.ts';

/** A page of the inbox has at most 8 MiB (stack/app/inbox.py), or one notification. In bytes. */
const MOST_BYTES = 16 * 1024 * 1024;
/** As many as the inbox keeps; an answer or an alert with more is not one of its own. */
const MOST_NOTIFICATIONS = 5000;
const MOST_ALERTS = 5000;
/** Pages that are read at once; the rest is read the next time. */
const MOST_PAGES = 20;

const labels = z.record(z.string(), z.string());
const answer = z.object({
  /** What to ask for the next time. */
  next: z.int().min(0),
  /** Whether there is more already. A lab from before there were pages does not say. */
  more: z.boolean().default(false),
  notifications: z
    .array(
      z.object({
        receivedAt: z.iso.datetime(),
        receiver: z.string(),
        alerts: z
          .array(
            z.object({
              status: z.enum(['firing', 'resolved']),
              labels,
              startsAt: z.iso.datetime({ offset: true }),
            }),
          )
          .max(MOST_ALERTS),
      }),
    )
    .max(MOST_NOTIFICATIONS),
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
    const news: Notified[] = [];
    for (let page = 0; page < MOST_PAGES; page++) {
      const options = { params: { since: this.#next }, signal, mostBytes: MOST_BYTES };
      const { next, more, notifications } = await getJson(
        'Inbox',
        `${this.#url}/notifications`,
        answer,
        options,
      );
      // Started anew, it counts from 1 again, and what it has is all new.
      const anew = next < this.#next;
      this.#next = anew ? 0 : next;
      for (const { receivedAt, alerts } of anew ? [] : notifications)
        news.push(
          ...alerts.map(({ labels, status, startsAt }) => ({ labels, status, receivedAt, startsAt })),
        );
      if (!more && !anew) break;
    }
    return news;
  }
}
