import chalk from 'chalk';
import { iso } from '../core/clock.ts';
import { humanDuration } from '../core/duration.ts';
import { EXIT_CODES } from '../core/errors.ts';
import { baseUrl } from '../core/lab.ts';
import { ownName } from '../core/labels.ts';
import { jsonText } from '../core/visible.ts';
import { Inbox } from '../observe/inbox.ts';
import { readRunbooks } from '../runbook/page.ts';
import { type RunbookRecord, writeRunbookRecord } from '../runbook/record.ts';
import { Responder } from '../runbook/responder.ts';
import type { Incident } from '../runbook/restraint.ts';
import type { DeclaredStep } from '../runbook/step.ts';
import { listenTo } from './listen.ts';
import { RUNBOOKS_DIR } from './show-runbooks.ts';
import { confirmed, say, tell } from './terminal.ts';
import { worldOf } from './world.ts';

interface Request {
  yes: boolean;
  once: boolean;
  name: string;
  json: boolean;
  reports: string;
  runbooks?: string | undefined;
}

/** Waits for notifications of a lab, and does what their runbooks declare, until Ctrl-C or, with `once`, the first was followed. */
export async function followRunbooks({ yes, once, name, json, reports, runbooks = RUNBOOKS_DIR }: Request) {
  const pages = readRunbooks(runbooks);
  const world = await worldOf(name);
  const over = new AbortController();
  const leave = () => over.abort();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, leave);
  // Of stdout, --json leaves the records alone.
  const talk = (sentence: string) => {
    const line = `${chalk.dim(iso(world.clock.now()).slice(11, 19))}  ${sentence}`;
    if (json) tell(line);
    else say(line);
  };
  const ask = async (incident: Incident, steps: readonly DeclaredStep[]) => {
    talk(`${chalk.red('firing')}  ${ownName(incident.labels)}; its runbook would, one after the other:`);
    for (const { step, target, value } of steps) tell(`            ${step.describe(target, value)}`);
    return await confirmed('          Do that?', over.signal, leave);
  };
  const responder = new Responder({
    ...{ world, runbooks: pages, signal: over.signal, say: talk },
    ...(yes ? {} : { confirm: ask }),
  });
  /** Written at once, and again when the alert has gone, so that nothing is lost between. */
  const finish = async (record: RunbookRecord) => {
    const file = await writeRunbookRecord(reports, record);
    talk(`${outcome(record)} Record: ${file}`);
    const resolvedAt = record.status === 'restored' ? await responder.resolved(record) : null;
    const whole = { ...record, resolvedAt };
    if (resolvedAt !== null) {
      await writeRunbookRecord(reports, whole);
      const after = Date.parse(resolvedAt) - Date.parse(record.restoredAt ?? resolvedAt);
      talk(
        `${chalk.green('resolved')}  ${ownName(record.labels)}, ${humanDuration(after)} after it was restored.`,
      );
    }
    if (json) say(jsonText(whole, 0));
  };
  const automated = [...pages.values()].filter(({ steps }) => steps.length > 0).length;
  talk(
    `Waiting for notifications of ${name}; ${automated} of ${pages.size} runbooks have steps. Ctrl-C ends it.`,
  );
  const finishing: Promise<void>[] = [];
  let last: RunbookRecord | undefined;
  let failure: unknown;
  const inbox = new Inbox(baseUrl(world.lab, 'INBOX_PORT'));
  for await (const { notifications, isNew } of listenTo(inbox, { follow: true, signal: over.signal })) {
    for (const one of notifications) responder.hear(one, isNew);
    const record = over.signal.aborted ? undefined : await responder.respond();
    if (!record) continue;
    last = record;
    finishing.push(
      finish(record).catch((error: unknown) => {
        failure = error;
        leave();
      }),
    );
    if (once) break;
  }
  await Promise.all(finishing);
  if (failure) throw failure;
  if (last?.status === 'interrupted') process.exitCode = EXIT_CODES.interrupted.code;
  else if (once && last?.status !== 'restored') process.exitCode = EXIT_CODES.fail.code;
}

function outcome({ labels, status, timeToRestoreMs: took }: RunbookRecord): string {
  const alert = ownName(labels);
  if (!took) return `${chalk.yellow(status.replaceAll('-', ' '))}  ${alert}.`;
  const [notified, fired] = [took.fromNotification, took.fromStartsAt].map(humanDuration);
  return `${chalk.green('restored')}  ${alert}, ${notified} after its notification, ${fired} after it began to fire.`;
}
