import { iso } from '../core/clock.ts';
import { baseUrl } from '../core/lab.ts';
import { labelKey, matches, ownName } from '../core/labels.ts';
import type { World } from '../faults/fault.ts';
import { orNull } from '../observe/http.ts';
import type { Notification } from '../observe/inbox.ts';
import { type LiveAlert, Prometheus } from '../observe/prometheus.ts';
import { areWell, resolveSteps, takeStep } from './follow.ts';
import type { Runbook } from './page.ts';
import type { RunbookRecord } from './record.ts';
import { type Incident, Restraint, type Stay } from './restraint.ts';
import type { DeclaredStep } from './step.ts';

/** How long an alert may take to go once all is well: lab time, and wall time for what does not shrink. Milliseconds. */
const RESOLVE_LAB_MS = 5 * 60_000;
const RESOLVE_WALL_MS = 10_000;
const POLL_MS = 200;
/** Alerts that are waited for at once; more are forged. */
const MOST_WAITING = 1000;

interface Options {
  world: World;
  runbooks: ReadonlyMap<string, Runbook>;
  signal: AbortSignal;
  /** Asked before anything is done; undefined where that is not wanted. */
  confirm?: ((incident: Incident, steps: readonly DeclaredStep[]) => Promise<boolean>) | undefined;
  /** Hears of what goes on, a sentence at a time. */
  say: (sentence: string) => void;
}

/** An incident with the runbook for it. */
interface Waiting {
  incident: Incident;
  runbook: Runbook;
  told?: string;
}

/** Follows runbooks: what was notified, is fired by Prometheus now, and was not dealt with yet. */
export class Responder {
  readonly #options: Options;
  readonly #prometheus: Prometheus;
  readonly #restraint: Restraint;
  readonly #waiting = new Map<string, Waiting>();

  constructor(options: Options) {
    this.#options = options;
    const { lab } = options.world;
    this.#prometheus = new Prometheus(baseUrl(lab, 'PROMETHEUS_PORT'));
    this.#restraint = new Restraint(lab.speed);
  }

  /** Takes in a notification. @param isNew whether it came after we began; of those of before, only what still fires counts */
  hear(notification: Notification, isNew: boolean): void {
    const { clock } = this.#options.world;
    for (const { status, labels, startsAt } of notification.alerts) {
      const key = labelKey(labels);
      this.#waiting.delete(key);
      if (status === 'resolved') continue;
      const runbook = this.#options.runbooks.get(labels.alertname ?? '');
      if (!runbook) {
        if (isNew) this.#options.say(`${ownName(labels)} has no runbook.`);
        continue;
      }
      const { alert } = runbook;
      if (runbook.steps.length === 0) {
        if (isNew) this.#options.say(`${ownName(labels)} is left to a person: chaos runbook ${alert}`);
        continue;
      }
      if (this.#waiting.size >= MOST_WAITING) continue;
      const incident = {
        alert,
        labels,
        startsAt: iso(Date.parse(startsAt)),
        notifiedAt: notification.receivedAt,
        heardAt: iso(clock.now()),
      };
      this.#waiting.set(key, { incident, runbook });
    }
  }

  /**
   * Follows the runbook of the first alert that waits for it and may be acted on now.
   * @returns what was done, until the service was restored; undefined where there is nothing to do now
   */
  async respond(): Promise<RunbookRecord | undefined> {
    if (this.#waiting.size === 0) return undefined;
    const alerts = await orNull(this.#prometheus.alerts());
    if (!alerts) return undefined;
    for (const [key, waiting] of this.#waiting) {
      const { incident, runbook } = waiting;
      const stay = firing(incident, alerts);
      if (!stay) {
        this.#waiting.delete(key);
        continue;
      }
      const steps = await orNull(resolveSteps(runbook.steps, stay.labels, this.#prometheus));
      if (steps === null) return undefined;
      const may = steps
        ? this.#restraint.may(stay, steps, this.#options.world.clock.now())
        : ({ do: 'never', why: 'no container of the lab is behind its target' } as const);
      if (may.do !== 'wait') this.#waiting.delete(key);
      if (may.do === 'act') return await this.#act(incident, stay, may.steps);
      if (waiting.told !== may.why) this.#options.say(`${ownName(incident.labels)} is left: ${may.why}.`);
      waiting.told = may.why;
    }
    return undefined;
  }

  /**
   * When Prometheus is first seen without the alert, ISO 8601; null where that does not come about in time, or the signal
   * is aborted.
   */
  async resolved({ labels }: Pick<Incident, 'labels'>): Promise<string | null> {
    const { world, signal } = this.#options;
    const { clock, lab } = world;
    const giveUpAt = clock.now() + RESOLVE_LAB_MS / lab.speed + RESOLVE_WALL_MS;
    while (clock.now() < giveUpAt && !signal.aborted) {
      const alerts = await orNull(this.#prometheus.alerts());
      if (alerts && !firing({ labels }, alerts)) return iso(clock.now());
      await clock.sleep(POLL_MS, signal).catch(() => {});
    }
    return null;
  }

  async #act(incident: Incident, stay: Stay, steps: readonly DeclaredStep[]): Promise<RunbookRecord> {
    const { world, signal, confirm, say } = this.#options;
    const { clock, lab } = world;
    this.#restraint.dealtWith(stay);
    const record: RunbookRecord = {
      ...{ schemaVersion: 1, lab: lab.name, speed: lab.speed, ...incident, askedAt: null, answeredAt: null },
      ...{ status: 'interrupted', steps: [], restoredAt: null, resolvedAt: null, timeToRestoreMs: null },
    };
    if (confirm) {
      record.askedAt = iso(clock.now());
      const agreed = await confirm(incident, steps);
      if (signal.aborted) return record;
      record.answeredAt = iso(clock.now());
      if (!agreed) return { ...record, status: 'declined' };
      // An answer may take a while, in which somebody else has mended it.
      const alerts = await orNull(this.#prometheus.alerts());
      if (alerts && !firing(incident, alerts)) return { ...record, status: 'nothing-to-do' };
    }
    this.#restraint.acted(stay, clock.now());
    for (const one of steps) {
      const taken = await takeStep(one, world, signal);
      record.steps.push(taken);
      if (taken.outcome !== 'unneeded') this.#restraint.took(one, ownName(stay.labels), clock.now());
      say(`${taken.type} ${taken.target}: ${taken.outcome}, as ${taken.message}.`);
      if (signal.aborted) return record;
    }
    return concluded(record, await areWell(steps, world), iso(clock.now()));
  }
}

/** A record whose steps were all taken, with what came of it. @param seenAt when all was seen to be well, or not */
export function concluded(record: RunbookRecord, allWell: boolean, seenAt: string): RunbookRecord {
  const { steps, notifiedAt, startsAt } = record;
  if (steps.every(({ outcome }) => outcome === 'unneeded')) return { ...record, status: 'nothing-to-do' };
  if (!allWell) return { ...record, status: 'not-restored' };
  const last = steps.findLast(({ outcome }) => outcome !== 'unneeded');
  const restoredAt = last?.outcome === 'done' ? last.endedAt : seenAt;
  const since = (time: string) => Date.parse(restoredAt) - Date.parse(time);
  const timeToRestoreMs = { fromNotification: since(notifiedAt), fromStartsAt: since(startsAt) };
  return { ...record, status: 'restored', restoredAt, timeToRestoreMs };
}

/** The alert as Prometheus fires it: what somebody has posted to Alertmanager or to the inbox is not acted on. */
export function firing(
  { labels }: Pick<Incident, 'labels'>,
  alerts: readonly LiveAlert[],
): LiveAlert | undefined {
  // Alertmanager's have the external labels as well.
  return alerts.find((one) => one.state === 'firing' && matches(labels, one.labels));
}
