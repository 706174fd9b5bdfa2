import { type Labels, labelKey } from '../core/labels.ts';
import type { LiveAlert } from '../observe/prometheus.ts';
import { type DeclaredStep, stepKey } from './step.ts';

/** A firing alert that was notified. */
export interface Incident {
  alert: string;
  labels: Labels;
  /** When Prometheus began firing it, ISO 8601. */
  startsAt: string;
  /** When the notification arrived, by the inbox's clock, and when it was read here; ISO 8601. */
  notifiedAt: string;
  heardAt: string;
}

/** One stay of an alert, as Prometheus tells it: a notification may be anybody's. */
export type Stay = Pick<LiveAlert, 'labels' | 'activeAt'>;

/** In lab time, milliseconds. */
export const COOL_DOWN_MS = 5 * 60_000;
/** How long what was done has to show before more is done that it could have made needless. In lab time, milliseconds. */
const SETTLE_MS = 60_000;
/** Of one alert in MANY_IN_MS of lab time: what comes back that often is not mended by this. */
export const MOST_ACTS = 3;
const MANY_IN_MS = 60 * 60_000;
/** Of each kind; older ones are forgotten, so that alerts without end do not fill our memory. */
const MOST_KEPT = 5000;

/** What may be done now: `wait` is asked again, `never` is not. */
export type May = { do: 'act'; steps: DeclaredStep[] } | { do: 'wait' | 'never'; why: string };

/** A step that was taken, when, and for which alert. */
export interface Taken {
  at: number;
  alert: string;
}

/** What was done already, so that nothing is done twice for one stay of an alert, nor again and again. */
export class Restraint {
  readonly #speed: number;
  readonly #stays = new Map<string, true>();
  readonly #acts = new Map<string, number[]>();
  readonly #taken = new Map<string, Taken>();

  /** @param speed how many times faster than written the lab's time passes */
  constructor(speed: number) {
    this.#speed = speed;
  }

  /** Whether its steps may be taken for an alert at a time, in wall milliseconds since the Unix epoch. */
  may(alert: Stay, steps: readonly DeclaredStep[], now: number): May {
    if (this.#stays.has(stayKey(alert)))
      return { do: 'never', why: 'its runbook was followed for this stay already' };
    const acts = (this.#acts.get(labelKey(alert.labels)) ?? []).filter(
      (at) => now - at < MANY_IN_MS / this.#speed,
    );
    if (acts.length >= MOST_ACTS)
      return {
        do: 'never',
        why: `its runbook was followed ${acts.length} times within an hour; a person is needed`,
      };
    const taken = steps.map((step) => this.taken(step, now));
    const last = Math.max(...acts, ...taken.map((one) => one?.at ?? Number.NEGATIVE_INFINITY));
    const latest = taken.find((one) => one?.at === last);
    if (now - last < SETTLE_MS / this.#speed)
      return { do: 'wait', why: `what was done for ${latest?.alert ?? 'it'} has a minute to show` };
    const left = steps.filter((_, index) => !taken[index]);
    if (left.length === 0) return { do: 'wait', why: 'its steps were taken within five minutes' };
    if (now - (acts.at(-1) ?? Number.NEGATIVE_INFINITY) < COOL_DOWN_MS / this.#speed)
      return { do: 'wait', why: 'its runbook was followed within five minutes' };
    return { do: 'act', steps: left };
  }

  /** That this stay of an alert was dealt with: acted on, or a person said no. */
  dealtWith(alert: Stay): void {
    keep(this.#stays, stayKey(alert), true);
  }

  /** That its runbook was followed. */
  acted(alert: Stay, now: number): void {
    const key = labelKey(alert.labels);
    keep(this.#acts, key, [...(this.#acts.get(key) ?? []), now].slice(-MOST_ACTS));
  }

  /** That a step was taken for it. */
  took(step: DeclaredStep, alert: string, now: number): void {
    keep(this.#taken, stepKey(step), { at: now, alert });
  }

  /** When and for whom a step was taken, if that was within the cool-down. */
  taken(step: DeclaredStep, now: number): Taken | undefined {
    const taken = this.#taken.get(stepKey(step));
    return taken && now - taken.at < COOL_DOWN_MS / this.#speed ? taken : undefined;
  }
}

function stayKey({ labels, activeAt }: Stay): string {
  return `${activeAt} ${labelKey(labels)}`;
}

function keep<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key);
  map.set(key, value);
  if (map.size > MOST_KEPT) map.delete(map.keys().next().value ?? '');
}
