import { ChaosError } from '../core/errors.ts';
import { isAmong } from '../core/labels.ts';
import type { World } from '../faults/fault.ts';
import { readHistory } from '../observe/history.ts';
import { orNull } from '../observe/http.ts';
import { type Glance, type Observations, observe } from '../observe/observer.ts';
import { tolerations } from '../plan/remembered.ts';
import { unclean } from '../run/baseline.ts';
import { awaitPreflight, type Ready, witnessesOf } from '../run/preflight.ts';
import { StepRunner } from '../run/steps.ts';
import { dues } from '../run/watch.ts';
import type { Toleration } from '../scenario/scenario.ts';
import { checkWatched } from '../stack/health.ts';
import type { Guard } from '../undo/guard.ts';
import { type Acting, startActing } from './acting.ts';
import type { Game } from './game.ts';
import type { Day, Entry } from './schedule.ts';

/** Between two looks at the lab, in wall milliseconds. */
const LOOK_MS = 500;

export interface DriveInput {
  game: Game;
  world: World;
  guard: Guard;
  /** Aborted with a ChaosError of kind `interrupted` or `stopped`. */
  signal: AbortSignal;
  say: (line: string) => void;
}

/**
 * Plays a game day to its end, whatever that is: what happens next is decided by its log, what is seen is noted in it, and
 * everything that was done is taken back.
 * @throws ChaosError where the lab is not ready, or the day cannot go on; it is over then
 */
export async function drive({ game, world, guard, signal: given, say }: DriveInput): Promise<void> {
  const { lab, clock } = world;
  const { day } = game;
  const witnesses = witnessesOf(lab);
  const mistake = new AbortController();
  const broken = (error: unknown) => mistake.abort(error);
  const signal = AbortSignal.any([given, guard.lost, mistake.signal]);
  const traffic = new StepRunner(world, guard, lab.speed, () => {});
  let acting: Acting | undefined;
  let ready: Ready | undefined;
  const over = new AbortController();
  let observing: Promise<void> | undefined;

  /** Ends what is in force, whoever decided that, and reads what Prometheus has stored of it. */
  const endEntry = async (entry: number) => {
    const ending = acting;
    acting = undefined;
    await ending?.end();
    if (ready) await noteHistory(game, witnesses.prometheus, ready, entry);
  };

  try {
    const observations: Observations = { transitions: [], notifications: [], gaps: [] };
    let newest: Glance | undefined;
    ready = await awaitPreflight(wholeOf(day), lab, witnesses, world, { signal, onWaiting: say });
    await endKilled(game, clock.now(), endEntry);
    observing = observe(
      witnesses,
      { everyMs: LOOK_MS, clock, signal: over.signal },
      observations,
      (glance) => {
        newest = glance;
      },
    ).catch(broken);
    if (day.traffic) await traffic.background(day.traffic);

    while (!game.state.over) {
      await noteSeen(game, observations, clock.now());
      if (newest)
        await noteSteady(game, newest, await checkWatched(witnesses.prometheus), ready, clock.now());
      if (game.state.over) break;
      const now = clock.now();
      const next = game.move(now, acting?.finished() ?? false);
      if (next.move === 'act') {
        const entry = day.entries[next.entry]!;
        await game.note({ event: 'acted', at: now, entry: next.entry });
        if (entry.kind !== 'quiet')
          acting = startActing(entry, next.entry, { game, world, guard, signal, broken });
      } else if (next.move === 'end') {
        const { entry, how, mitigatedAt } = next;
        await game.note({ event: 'ended', at: now, entry, how, mitigatedAt });
        await endEntry(entry);
      } else if (next.move === 'close') await game.note({ event: 'closed', at: now });
      else if (next.move === 'finish') await game.note({ event: 'over', at: now, how: 'played' });
      if (!game.state.over) await clock.sleep(LOOK_MS, signal);
    }
  } catch (error) {
    const reason = signal.aborted ? signal.reason : error;
    const kind = reason instanceof ChaosError ? reason.kind : 'internal';
    // A log that failed cannot be written to either.
    await noteLeaving(game, clock.now(), kind, ready !== undefined).catch(() => {});
    throw reason;
  } finally {
    const last = game.state.entries.findLastIndex(({ actedAt }) => actedAt !== null);
    try {
      if (acting) await endEntry(last);
    } finally {
      await traffic.undoAll();
      over.abort();
      await observing;
    }
  }
}

/**
 * Why nobody plays the day any more, on disk before anything is taken back. Who interrupts it may go on with it, as after a
 * crash; and a lab that is not ready yet ends nothing.
 */
async function noteLeaving(game: Game, at: number, kind: string, began: boolean): Promise<void> {
  if (game.state.over) return;
  if (kind === 'stopped') return await game.note({ event: 'over', at, how: 'stopped' });
  if (kind !== 'interrupted')
    return began ? await game.note({ event: 'over', at, how: 'failed' }) : undefined;
  const entry = inForceOf(game);
  if (entry >= 0) await game.note({ event: 'ended', at, entry, how: 'interrupted', mitigatedAt: null });
  await game.note({ event: 'interrupted', at });
}

function inForceOf({ state }: Game): number {
  return state.entries.findIndex(({ status }) => status === 'acting' || status === 'in force');
}

/** What was in force when another orchestrator was killed: its reaper took it back, so nobody will mitigate it. */
async function endKilled(game: Game, at: number, endEntry: (entry: number) => Promise<void>): Promise<void> {
  const entry = inForceOf(game);
  if (entry < 0) return;
  await game.note({ event: 'ended', at, entry, how: 'restart', mitigatedAt: null });
  await endEntry(entry);
}

/** Everything a day will do, as one scenario: it must all be possible before any of it is done. */
function wholeOf({ entries }: Day) {
  const scenarios = entries.flatMap((entry) => (entry.kind === 'quiet' ? [] : [entry.scenario]));
  return {
    ...scenarios[0]!,
    timeline: scenarios.flatMap(({ timeline }) => timeline),
    expect: scenarios.flatMap(({ expect }) => expect),
  };
}

async function noteSeen(
  game: Game,
  { transitions, notifications }: Observations,
  now: number,
): Promise<void> {
  for (const { witness, at, alert, labels, state } of transitions.splice(0))
    if (witness === 'prometheus' && (state === 'pending' || state === 'firing' || state === 'gone'))
      await game.note({ event: 'alert', at, alert, labels, state });
  const { begun } = game.state;
  for (const { labels, status, receivedAt } of notifications.splice(0)) {
    const { alertname: alert = '', ...rest } = labels;
    // The inbox keeps what was before the day.
    if (Date.parse(receivedAt) >= begun.at)
      await game.note({
        event: 'notified',
        at: Math.min(now, Date.parse(receivedAt)),
        alert,
        labels: rest,
        status,
      });
  }
}

/** The steady state, as a baseline has it: every target UP and well, and nothing pending or firing. Noted when it changes. */
async function noteSteady(
  game: Game,
  { alerts }: Glance,
  checks: Awaited<ReturnType<typeof checkWatched>>,
  { rules }: Ready,
  at: number,
): Promise<void> {
  const { current, steady } = game.state;
  const entry = current === null ? undefined : game.day.entries[current];
  const tolerate = toleratedIn(game, entry, rules);
  const unwell = checks.filter(({ ok }) => !ok).map(({ name }) => `${name} is not well`);
  const reasons = [...unwell, ...unclean(alerts, tolerate)].slice(0, 100);
  const ok = reasons.length === 0;
  if (steady?.ok === ok && steady.reasons.join() === reasons.join()) return;
  await game.note({ event: 'steady', at, ok, reasons });
}

/** What counts for nothing while an entry is the next, or in force. */
function toleratedIn({ day, state }: Game, entry: Entry | undefined, rules: Ready['rules']): Toleration[] {
  const own = entry && entry.kind !== 'quiet' ? entry.scenario : { tolerate: [], expect: [] };
  const tolerate = [...day.tolerate, ...own.tolerate];
  return tolerations({ tolerate, expect: own.expect }, rules, state.begun.speed);
}

/** What fired while an entry lasted, by the evaluations' own times; what could not be asked is left as it was seen. */
async function noteHistory(
  game: Game,
  prometheus: ReturnType<typeof witnessesOf>['prometheus'],
  { rules, settings, surroundings }: Ready,
  index: number,
): Promise<void> {
  const { actedAt, effectAt, endedAt } = game.state.entries[index]!;
  const entry = game.day.entries[index]!;
  if (actedAt === null || endedAt === null || entry.kind !== 'incident') return;
  const intervalOf = (alert: string) =>
    rules.alerts.find(({ name }) => name === alert)?.intervalMs ?? settings.evaluationMs;
  const stays = await orNull(readHistory(prometheus, actedAt, endedAt, intervalOf));
  if (!stays) return;
  const tolerate = toleratedIn(game, entry, rules);
  const episodes = stays
    .filter((one) => !isAmong(tolerate, one.alert, one.labels))
    .map(({ firedAt = null, resolvedAt = null, ...stay }) => ({ ...stay, firedAt, resolvedAt }));
  const { expect, timeline } = entry.scenario;
  // A step that has an effect of its own later than the first is due later; then its alert is not held to be missed early.
  const steps = timeline.map(({ id, kind, atMs }) => {
    const at = effectAt === null ? null : effectAt + atMs / game.state.begun.speed;
    return { id, kind, requestedAt: actedAt, startedAt: at, fullAt: at, goneAt: null, error: null };
  });
  const prospect = { expect, rules, cadence: settings, steps, speed: game.state.begun.speed };
  const due = dues({ ...prospect, surroundings: { before: surroundings } });
  await game.note({
    event: 'history',
    at: endedAt,
    entry: index,
    episodes,
    dues: due.map(({ index: place, deadline }) => ({ index: place, deadline })),
  });
}
