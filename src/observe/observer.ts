import type { Clock } from '../core/clock.ts';
import { type Labels, labelKey, without } from '../core/labels.ts';
import type { Alertmanager, ManagedAlert } from './alertmanager.ts';
import { Unreachable } from './http.ts';
import type { Inbox, Notified } from './inbox.ts';
import type { LiveAlert, Prometheus } from './prometheus.ts';

/** A change in what one of the three witnesses shows of an alert, at the poll that saw it first. */
export interface Transition {
  /** Milliseconds since the Unix epoch. */
  at: number;
  witness: 'prometheus' | 'alertmanager';
  alert: string;
  labels: Labels;
  state: 'pending' | 'firing' | 'active' | 'suppressed' | 'gone';
  /** Alertmanager's startsAt: when Prometheus began firing, as told to it. */
  startsAt?: string;
  /** When it had arrived at Alertmanager, by its own clock: Prometheus sends it again only after the resend delay. */
  arrivedAt?: string;
  /** Silences or alerts that suppress it, by their ids or fingerprints. */
  suppressedBy?: string[];
  /** Whether a silence is among them. */
  silenced?: boolean;
}

/** A stretch in which a witness did not answer: what it would have shown is unknown, not absent. */
export interface Gap {
  witness: 'prometheus' | 'alertmanager' | 'inbox';
  from: number;
  to: number;
  reason: string;
}

/** Everything seen while watching; the raw material of the verdict beside Prometheus' own history. */
export interface Observations {
  transitions: Transition[];
  notifications: Notified[];
  gaps: Gap[];
}

export interface Witnesses {
  prometheus: Prometheus;
  alertmanager: Alertmanager;
  /** Undefined on a stack without one. */
  inbox: Inbox | undefined;
}

/** What the live view needs of the newest poll. */
export interface Glance {
  at: number;
  alerts: LiveAlert[];
}

/**
 * Polls the three witnesses until the signal ends it. Polls only show and cross-check: history decides, so a
 * missed poll is recorded as a gap and costs nothing else.
 * @param onPoll called after each poll, with what Prometheus shows now
 */
export async function observe(
  { prometheus, alertmanager, inbox }: Witnesses,
  { everyMs, clock, signal }: { everyMs: number; clock: Clock; signal: AbortSignal },
  into: Observations,
  onPoll: (glance: Glance) => void = () => {},
): Promise<void> {
  const shown = { prometheus: new Shown(fromPrometheus), alertmanager: new Shown(fromManager) };
  const open = new Map<Gap['witness'], Gap>();
  const began = clock.now();

  /** Asks one witness; no answer opens or lengthens its gap and is never an exception. */
  async function ask<T>(witness: Gap['witness'], question: () => Promise<T>): Promise<T | undefined> {
    const from = clock.now();
    try {
      const answer = await question();
      open.delete(witness);
      return answer;
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      const gap = open.get(witness) ?? { witness, from, to: from, reason: error.message };
      if (!open.has(witness)) into.gaps.push(gap);
      open.set(witness, gap);
      gap.to = clock.now();
      return undefined;
    }
  }

  async function poll(): Promise<void> {
    const [live, managed, notified] = await Promise.all([
      ask('prometheus', () => prometheus.alerts()),
      ask('alertmanager', () => alertmanager.alerts()),
      inbox ? ask('inbox', () => inbox.news()) : undefined,
    ]);
    const at = clock.now();
    for (const change of live ? shown.prometheus.changes(live, at) : []) into.transitions.push(change);
    for (const change of managed ? shown.alertmanager.changes(managed, at) : [])
      into.transitions.push(change);
    for (const one of notified ? withoutPast(notified, began) : []) into.notifications.push(one);
    onPoll({ at, alerts: live ?? [] });
  }

  while (!signal.aborted) {
    await poll();
    await clock.sleep(everyMs, signal).catch((error) => {
      if (!signal.aborted) throw error;
    });
  }
  // Once more, so that what arrived since the last poll is not lost.
  await poll();
}

/**
 * Without what had arrived before a time, but for the last of each alert: Alertmanager's grouping goes by that. An inbox
 * that has seen many runs would else fill the record of each with those of all.
 */
function withoutPast(notified: readonly Notified[], before: number): Notified[] {
  const last = new Map<string, Notified>();
  const isPast = (one: Notified) => Date.parse(one.receivedAt) < before;
  for (const one of notified) if (isPast(one)) last.set(labelKey(one.labels), one);
  return notified.filter((one) => !isPast(one) || last.get(labelKey(one.labels)) === one);
}

/** What a witness has shown, poll by poll. */
class Shown<Alert extends LiveAlert | ManagedAlert> {
  readonly #describe: (alert: Alert, at: number) => Transition;
  #last = new Map<string, Transition>();
  #keys = new Map<Alert, string>();

  constructor(describe: (alert: Alert, at: number) => Transition) {
    this.#describe = describe;
  }

  /** What differs from the last poll. An alert that is the same object has not changed. */
  changes(alerts: readonly Alert[], at: number): Transition[] {
    const changed: Transition[] = [];
    const keys = new Map<Alert, string>();
    const now = new Map<string, Transition>();
    for (const alert of alerts) {
      const known = this.#keys.get(alert);
      const key = known ?? labelKey(alert.labels);
      const before = this.#last.get(key);
      const transition = known !== undefined && before ? before : this.#describe(alert, at);
      if (before?.state !== transition.state || before?.startsAt !== transition.startsAt)
        changed.push(transition);
      keys.set(alert, key);
      now.set(key, transition);
    }
    for (const [key, { witness, alert, labels }] of this.#last)
      if (!now.has(key)) changed.push({ at, witness, alert, labels, state: 'gone' });
    this.#last = now;
    this.#keys = keys;
    return changed;
  }
}

function fromPrometheus({ labels, state }: LiveAlert, at: number): Transition {
  return {
    at,
    witness: 'prometheus',
    alert: labels.alertname ?? '',
    labels: without(labels, 'alertname'),
    state,
  };
}

function fromManager({ labels, startsAt, updatedAt, status }: ManagedAlert, at: number): Transition {
  const suppressedBy = [...status.silencedBy, ...status.inhibitedBy];
  return {
    at,
    witness: 'alertmanager',
    alert: labels.alertname ?? '',
    labels: without(labels, 'alertname'),
    state: status.state === 'suppressed' ? 'suppressed' : 'active',
    startsAt,
    arrivedAt: updatedAt,
    ...(suppressedBy.length > 0 ? { suppressedBy, silenced: status.silencedBy.length > 0 } : {}),
  };
}
