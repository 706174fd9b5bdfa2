import PQueue from 'p-queue';
import type { Clock } from '../core/clock.ts';
import { messageOf } from '../core/errors.ts';
import { openJson } from '../core/json-source.ts';
import { statusOf } from '../observe/http.ts';
import type { Notification } from '../observe/inbox.ts';
import type { Render } from './template.ts';
import { viewOf } from './view.ts';

/** Notifications that may wait behind one that is being delivered. */
const MOST_WAITING = 200;
/** Wall milliseconds before each further try. */
const BACKOFF_MS = [1000, 4000];
/** How long an answer may take, in wall milliseconds. */
const TIMEOUT_MS = 5000;
/** In bytes; services of this kind take some ten KiB. */
const MOST_BYTES = 1024 * 1024;

interface Options {
  /** As `destinationOf` gave it. */
  url: string;
  render: Render;
  clock: Clock;
  /** Ends the waiting between tries. */
  signal: AbortSignal;
  /** Hears of what could not be delivered. The URL may be a secret, and is not in it. */
  tell: (sentence: string) => void;
}

/** Posts notifications to a URL, one after the other. What cannot be delivered is told and counted; nothing throws. */
export class Forwarder {
  readonly #options: Options;
  readonly #queue = new PQueue({ concurrency: 1 });
  #delivered = 0;
  #failed = 0;

  constructor(options: Options) {
    this.#options = options;
  }

  get counts(): { delivered: number; failed: number } {
    return { delivered: this.#delivered, failed: this.#failed };
  }

  /** Takes one to be delivered. */
  forward(notification: Notification): void {
    if (this.#queue.size < MOST_WAITING) void this.#queue.add(() => this.#deliver(notification));
    else this.#fail(`${MOST_WAITING} others are waiting`);
  }

  /** Resolves once none is left; what waits when the signal is aborted is given up, and counted as failed. */
  async idle(): Promise<void> {
    await this.#queue.onIdle();
  }

  async #deliver(notification: Notification): Promise<void> {
    const body = this.#options.render(viewOf(notification));
    if (Buffer.byteLength(body) > MOST_BYTES) return this.#fail(`more than ${MOST_BYTES / 1024} KiB`);
    // The samples need not have shown every way through a template.
    if (openJson(body, 'template').problems.length > 0) return this.#fail('the template gave no JSON');
    let refusal: Refusal | undefined;
    for (const waitMs of [0, ...BACKOFF_MS]) {
      if (waitMs > 0) await this.#options.clock.sleep(waitMs, this.#options.signal).catch(() => {});
      if (this.#options.signal.aborted) return this.#fail(refusal?.why ?? 'it was not sent before the end');
      refusal = await this.#post(body);
      if (!refusal) {
        this.#delivered += 1;
        return;
      }
      if (refusal.lasting) break;
    }
    this.#fail(refusal?.why ?? '');
  }

  async #post(body: string): Promise<Refusal | undefined> {
    try {
      const status = await statusOf({
        method: 'POST',
        url: this.#options.url,
        data: body,
        headers: { 'Content-Type': 'application/json' },
        timeout: TIMEOUT_MS,
      });
      if (status >= 200 && status < 300) return undefined;
      return { why: `it was answered with ${status}`, lasting: status < 500 && status !== 429 };
    } catch (error) {
      return { why: messageOf(error), lasting: false };
    }
  }

  #fail(why: string): void {
    this.#failed += 1;
    this.#options.tell(`A notification was not forwarded: ${why}.`);
  }
}

interface Refusal {
  why: string;
  /** Another try would be answered alike. */
  lasting: boolean;
}
