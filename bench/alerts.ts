import { type ChildProcess, fork } from 'node:child_process';
import { on, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { post, posted, startServers } from './alert-servers.ts';
import { against, median, round } from './tools.ts';

const ALERTS = 10_000;
const POLLS = 20;
const MOST_MS = 500;
const MOST_MB = 200;

/** What alerts-poller.ts has seen. */
export interface Polled {
  clientMs: number[];
  observerMs: number[];
  /** Megabytes: before the first poll, after the last, and at most. */
  rssMb: { before: number; after: number; peak: number };
  /** How many transitions of each kind, as `alertmanager active`. */
  transitions: Record<string, number>;
  gaps: number;
  unexpectedSeen: boolean;
}

/** What it is told to report: one message a poll of the observer, and at the end all it has measured. */
export type FromPoller = { polled: number } | { result: Polled };

/** The alert that is posted among all the others while they are polled, and must be seen. */
const UNEXPECTED = 'NobodyAskedForThis';
/** So many alerts end at the same time. */
const ENDING = 100;

/**
 * Ten thousand alerts in a throwaway Alertmanager, posted, and as many in a throwaway Prometheus, fired by a rule:
 * how long a poll of them takes, and what memory, in a process that does nothing else.
 */
export async function alerts(): Promise<string> {
  const servers = await startServers();
  try {
    const many = Array.from({ length: ALERTS }, (_, index) => posted(index));
    await servers.fill(many);
    const poller = fork(fileURLToPath(new URL('./alerts-poller.ts', import.meta.url)), [
      servers.alertmanager,
      servers.prometheus,
      String(POLLS),
      UNEXPECTED,
    ]);
    const { clientMs, observerMs, rssMb, transitions, gaps, unexpectedSeen } = await follow(
      poller,
      async () => {
        const ended = many.slice(0, ENDING).map((one) => ({ ...one, endsAt: one.startsAt }));
        await post(servers.alertmanager, [...ended, posted(ALERTS, UNEXPECTED)]);
      },
    );
    const wrong = [
      ...(unexpectedSeen ? [] : ['the alert that was posted in the middle was not seen']),
      ...(gaps > 0 ? [`${gaps} polls had no answer`] : []),
      ...(transitions['alertmanager gone'] === ENDING ? [] : [`not ${ENDING} alerts were seen ending`]),
    ];
    return against(
      `${ALERTS} active alerts in Alertmanager and in Prometheus, ${POLLS} polls of each kind`,
      [
        { name: 'Alertmanager client, median', value: round(median(clientMs)), unit: 'ms', most: MOST_MS },
        {
          name: 'Alertmanager client, worst',
          value: round(Math.max(...clientMs)),
          unit: 'ms',
          most: MOST_MS,
        },
        {
          name: 'whole poll of both, median',
          value: round(median(observerMs)),
          unit: 'ms',
          most: MOST_MS,
        },
        {
          name: 'whole poll of both, worst',
          value: round(Math.max(...observerMs)),
          unit: 'ms',
          most: MOST_MS,
        },
        { name: 'resident memory before', value: rssMb.before, unit: 'MB' },
        { name: 'resident memory after', value: rssMb.after, unit: 'MB', most: MOST_MB },
        { name: 'resident memory, peak', value: rssMb.peak, unit: 'MB', most: MOST_MB },
        ...Object.entries(transitions).map(([name, value]) => ({ name, value, unit: 'transitions' })),
      ],
      wrong,
    );
  } finally {
    await servers.end();
  }
}

/** Waits for the result, and lets something happen once half of the observer's polls are over. */
async function follow(poller: ChildProcess, halfway: () => Promise<void>): Promise<Polled> {
  const died = once(poller, 'exit').then(() => {
    throw new Error('the poller ended without a result');
  });
  const listening = async () => {
    for await (const [message] of on(poller, 'message') as AsyncIterable<[FromPoller]>) {
      if ('result' in message) return message.result;
      if (message.polled === POLLS / 2) await halfway();
    }
    throw new Error('the poller said nothing');
  };
  return await Promise.race([listening(), died]);
}
