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
        groupKey: z.string().default(''),
        alerts: z
          .array(
            z.object({
              status: z.enum(['firing', 'resolved']),
              labels,
              annotations: labels.default({}),
              startsAt: z.iso.datetime({ offset: true }),
            }),
          )
          .max(MOST_ALERTS),
      }),
    )
    .max(MOST_NOTIFICATIONS),
});

/** One notification as Alertmanager sent it: alerts of one group, and when they arrived. */
export type Notification = z.output<typeof answer>['notifications'][number];

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

  /** The same as `notifications`, each alert for itself. @throws Unreachable */
  async news(signal?: AbortSignal): Promise<Notified[]> {
    return (await this.notifications(signal)).flatMap(notifiedIn);
  }

  /**
   * What has arrived since the last call; the first call returns everything kept.
   * @throws Unreachable
   */
  async notifications(signal?: AbortSignal): Promise<Notification[]> {
    const news: Notification[] = [];
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
      if (!anew) news.push(...notifications);
      if (!more && !anew) break;
    }
    return news;
  }
}

/** The alerts of a notification, each for itself. */
export function notifiedIn({ receivedAt, alerts }: Notification): Notified[] {
  return alerts.map(({ labels, status, startsAt }) => ({ labels, status, receivedAt, startsAt }));
}
