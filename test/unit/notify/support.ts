import type { Notification } from '../../../src/observe/inbox.ts';

/** What a label may be made of to get out of a JSON text, a shell or a URL. */
export const HOSTILE = '"}, {"x": 1} \\" \n\u0000\u2028 `x` $(x) {{status}} ../../x <!channel>';

/** A notification of one firing alert for each set of labels. */
export function notification(...labels: Record<string, string>[]): Notification {
  return {
    receivedAt: '2026-01-01T00:01:00.500Z',
    receiver: 'inbox',
    groupKey: '{}:{}',
    alerts: labels.map((one) => ({
      status: 'firing' as const,
      labels: one,
      annotations: { summary: 'a summary' },
      startsAt: '2026-01-01T00:01:00.123456789Z',
    })),
  };
}
