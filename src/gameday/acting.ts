import { ChaosError } from '../core/errors.ts';
import type { RunEvent } from '../core/events.ts';
import type { World } from '../faults/fault.ts';
import { StepRunner } from '../run/steps.ts';
import type { Step } from '../scenario/scenario.ts';
import type { Guard } from '../undo/guard.ts';
import type { Game } from './game.ts';
import type { Decoy, Incident } from './schedule.ts';

/** A fault ends itself so much later than the game ends it, in wall milliseconds: who decides is the game. */
const MARGIN_MS = 60_000;

/** One entry of the schedule that is being carried out. */
export interface Acting {
  /** Its steps have all ended by themselves. */
  finished(): boolean;
  /**
   * Takes everything back.
   * @throws ChaosError `not-ready` where something could not be
   */
  end(): Promise<void>;
}

/**
 * Carries out an incident or a decoy through the journal and with the reaper behind it, as a run does, and notes its effect.
 * @param broken hears of what went wrong in noting it
 */
export function startActing(
  entry: Incident | Decoy,
  index: number,
  {
    game,
    world,
    guard,
    signal,
    broken,
  }: { game: Game; world: World; guard: Guard; signal: AbortSignal; broken: (error: unknown) => void },
): Acting {
  const { clock, lab } = world;
  const over = new AbortController();
  let finished = false;
  const note = (event: Parameters<Game['note']>[0]) => void game.note(event).catch(broken);
  const listen = (event: RunEvent) => {
    if (event.type !== 'step') return;
    const { at, id, state, detail } = event;
    const effect = steps.effects.find((one) => one.id === id);
    if (state === 'effective' && effect?.startedAt != null && isOwn(entry, id))
      note({ event: 'effect', at, entry: index, effectAt: effect.startedAt });
    // An undo that is tried again is told by the same word.
    if (state === 'failed' && effect?.startedAt === null && effect.error !== null)
      note({ event: 'failed', at, entry: index, why: detail });
  };
  const steps = new StepRunner(world, guard, lab.speed, listen);
  const timeline = stepsOf(entry, lab.speed);
  const running = steps
    .runAll(timeline, clock.now(), AbortSignal.any([signal, over.signal]))
    .then(() => {
      finished = true;
    })
    .catch((error) => {
      if (!over.signal.aborted && !signal.aborted) broken(error);
    });
  return {
    finished: () => finished,
    async end() {
      over.abort(new ChaosError('stopped', 'the entry is over'));
      await running;
      await steps.undoAll();
      const left = steps.faults.filter(({ restored }) => !restored);
      if (left.length === 0) return;
      throw new ChaosError(
        'not-ready',
        `Not everything could be taken back: ${left.map(({ type, target }) => `${type} of ${target}`).join(', ')}.`,
        { hint: `chaos recover --name ${lab.name} tries again` },
      );
    },
  };
}

/** The timeline as it is played: under names that tell nothing, and of an incident as long as the game wants. */
export function stepsOf(entry: Incident | Decoy, speed: number): Step[] {
  return entry.scenario.timeline.map((step, index): Step => {
    const id = stepId(index);
    if (step.kind === 'load' || entry.kind === 'decoy') return { ...step, id };
    return { ...step, id, forMs: entry.limitMs + MARGIN_MS * speed };
  });
}

/** `chaos status` shows it, and is not to tell a team what it looks for. */
const stepId = (index: number) => `step-${index + 1}`;

/** Whether a step is what the entry is about: of an incident the faults, of a decoy anything. */
function isOwn(entry: Incident | Decoy, id: string): boolean {
  return (
    entry.kind === 'decoy' ||
    entry.scenario.timeline.some(({ kind }, index) => kind === 'fault' && stepId(index) === id)
  );
}
