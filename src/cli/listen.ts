import { systemClock } from '../core/clock.ts';
import { ChaosError } from '../core/errors.ts';
import { orNull, Unreachable } from '../observe/http.ts';
import type { Inbox, Notification } from '../observe/inbox.ts';
import { tell } from './terminal.ts';

/** How often the inbox is asked, in wall milliseconds. */
const POLL_MS = 500;

interface Options {
  /** Goes on until the signal is aborted; otherwise ends with what is there. */
  follow: boolean;
  signal: AbortSignal;
}

/** What a look into the inbox brought, and whether it came after we began. */
export interface Batch {
  notifications: Notification[];
  isNew: boolean;
}

/**
 * The notifications of a lab as they come, one batch a look, which may be empty. While one is being dealt with, more gather
 * in the inbox.
 * @throws ChaosError `not-ready` where the inbox does not answer the first time; later that is told, and it is asked again
 */
export async function* listenTo(inbox: Inbox, { follow, signal }: Options): AsyncGenerator<Batch> {
  const first = await inbox.notifications().catch((error: unknown) => {
    if (!(error instanceof Unreachable)) throw error;
    throw new ChaosError('not-ready', `${error.message}.`, {
      cause: error,
      hint: 'chaos status says what is there',
    });
  });
  yield { notifications: first, isNew: false };
  let silent = false;
  while (follow && !signal.aborted) {
    await systemClock.sleep(POLL_MS, signal).catch(() => {});
    if (signal.aborted) return;
    const notifications = await orNull(inbox.notifications());
    if (!notifications && !silent) tell('The inbox does not answer; it is asked until it does.');
    silent = !notifications;
    yield { notifications: notifications ?? [], isNew: true };
  }
}
