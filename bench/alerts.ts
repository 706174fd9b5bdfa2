import { type ChildProcess, fork } from 'node:child_process';
import { on, once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { type Posted, post, posted, type Servers, startServers } from './alert-servers.ts';
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
 * Ten thousand alerts in a throwaway Alertmanager, posted: how long a poll of them takes, and what memory, in a process
 * that does nothing else. Then the same with as many in a throwaway Prometheus, fired by a rule.
 */
export async function alerts(): Promise<string> {
  const servers = await startServers();
  try {
    const many = Array.from({ length: ALERTS }, (_, index) => posted(index));
    await servers.fillAlertmanager(many);
    const alone = await polled(servers, many.slice(0, ENDING), UNEXPECTED);
    await servers.fillPrometheus(many);
    const both = await polled(servers, many.slice(ENDING, 2 * ENDING), `${UNEXPECTED}Either`);
    return [
      shown(`${ALERTS} active alerts in Alertmanager, ${POLLS} polls of each kind`, alone, true),
      shown('As many in Prometheus besides', both, false),
    ].join('\n');
  } finally {
    await servers.end();
  }
}

/** Polls in a process of its own, in the middle of which some alerts end, and one begins that nobody asked for. */
async function polled(servers: Servers, ending: readonly Posted[], unexpected: string): Promise<Polled> {
  const { alertmanager, prometheus } = servers;
  const script = fileURLToPath(new URL('./alerts-poller.js', import.meta.url));
  const poller = fork(script, [alertmanager, prometheus, String(POLLS), unexpected]);
  return await follow(poller, async () => {
    const ended = ending.map((one) => ({ ...one, endsAt: one.startsAt }));
    await post(alertmanager, [...ended, posted(ALERTS, unexpected)]);
  });
}

function shown(title: string, { clientMs, observerMs, rssMb, ...seen }: Polled, bounded: boolean): string {
  const time = (name: string, value: number) => ({ name, value: round(value), unit: 'ms', most: MOST_MS });
  const memory = (name: string, value: number) => ({ name, value, unit: 'MB', most: MOST_MB });
  const figures = [
    time('Alertmanager client, median', median(clientMs)),
    time('Alertmanager client, worst', Math.max(...clientMs)),
    time('whole poll of the observer, median', median(observerMs)),
    time('whole poll of the observer, worst', Math.max(...observerMs)),
    memory('resident memory after', rssMb.after),
    memory('resident memory, peak', rssMb.peak),
  ];
  const others = [
    { name: 'resident memory before', value: rssMb.before, unit: 'MB' },
    ...Object.entries(seen.transitions).map(([name, value]) => ({ name, value, unit: 'transitions' })),
  ];
  const wrong = [
    ...(seen.unexpectedSeen ? [] : ['the alert that was posted in the middle was not seen']),
    ...(seen.gaps > 0 ? [`${seen.gaps} polls had no answer`] : []),
    ...(seen.transitions['alertmanager gone'] === ENDING ? [] : [`not ${ENDING} alerts were seen ending`]),
  ];
  return against(
    title,
    [...(bounded ? figures : figures.map(({ most, ...free }) => free)), ...others],
    wrong,
  );
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
