import type { Clock } from '../core/clock.ts';
import { ChaosError } from '../core/errors.ts';
import type { LoadNow } from '../core/events.ts';
import type { HubChannel, Member } from './hub-channel.ts';
import type { GeneratorShare, Load, LoadResult } from './load.ts';
import { type LoadGenerator, type ReadyLoad, shareLoad } from './ready.ts';

/** How often each machine's clock is asked; the quickest answer tells most. */
const PINGS = 8;

/** How long one answer, and a generator's start, may take, in wall milliseconds. */
const ANSWER_MS = 5000;
const READY_MS = 15_000;

/**
 * Generators start when they hear of it. Further away than this, in wall milliseconds, what one counts as its first
 * second would be another's second one.
 */
const MOST_ROUND_TRIP_MS = 250;

/** Generators on other machines, which make shares of the same loads: see hub-protocol.ts. */
export class Fleet {
  readonly channel: HubChannel;
  readonly #clock: Clock;
  #numbers = 0;

  constructor(channel: HubChannel, clock: Clock) {
    this.channel = channel;
    this.#clock = clock;
  }

  /**
   * Asks each machine for its clock.
   * @throws ChaosError `not-ready` naming every one that is silent or too far away
   */
  async measure(): Promise<readonly Member[]> {
    await Promise.all(this.channel.members.map((member) => this.#ask(member)));
    const far = this.channel.members.filter(({ roundTripMs }) => !(roundTripMs <= MOST_ROUND_TRIP_MS));
    if (far.length === 0) return this.channel.members;
    const told = far.map(({ slot, node, roundTripMs }) =>
      Number.isFinite(roundTripMs)
        ? `generator ${slot} on ${node} answers after ${Math.round(roundTripMs)} ms`
        : `generator ${slot} on ${node} does not answer`,
    );
    throw new ChaosError('not-ready', `The generators are too far apart: ${told.join('; ')}.`, {
      hint: `each must answer within ${MOST_ROUND_TRIP_MS} ms, or their seconds would not be the same ones`,
    });
  }

  /**
   * Has every member start a process for its share of a load.
   * @throws ChaosError `not-ready` where one cannot
   */
  async ready(load: Load): Promise<ReadyLoad> {
    const number = ++this.#numbers;
    const members = this.channel.members;
    if (members.length === 0) throw new ChaosError('not-ready', 'Every load generator is gone.');
    const failed: string[] = [];
    await Promise.all(
      members.map(async ({ slot, node }) => {
        const answer = this.channel.answer(slot, READY_MS, (said) => 'load' in said && said.load === number);
        this.channel.say(slot, { type: 'prepare', load: number });
        const said = await answer;
        if (said?.type !== 'ready')
          failed.push(
            `generator ${slot} on ${node}: ${said?.type === 'lost' ? said.why : 'it does not answer'}`,
          );
      }),
    );
    const generators = members.map((member) => this.#generator(member, number));
    if (failed.length > 0) {
      for (const generator of generators) generator.cancel();
      throw new ChaosError('not-ready', `A load could not be made ready: ${failed.join('; ')}.`);
    }
    return shareLoad(load, this.#clock, generators, (merged, parts) => ({
      ...merged,
      generators: members.map((member, index) => shareOf(member, parts[index]!)),
    }));
  }

  #generator(member: Member, load: number): LoadGenerator {
    const { slot, node } = member;
    return {
      run: (spec, worker, onNow) => {
        const outcome = this.#outcome(member, load, onNow);
        this.channel.say(slot, { type: 'start', load, spec, worker });
        return outcome.then((ended) =>
          typeof ended === 'string' ? `generator ${slot} on ${node}: ${ended}` : ended,
        );
      },
      stop: () => this.channel.say(slot, { type: 'stop', load }),
      cancel: () => this.channel.say(slot, { type: 'cancel', load }),
    };
  }

  #outcome(
    { slot, clockOffsetMs }: Member,
    load: number,
    onNow: (now: LoadNow) => void,
  ): Promise<LoadResult | string> {
    if (!this.channel.members.some((member) => member.slot === slot)) return Promise.resolve('it is gone');
    return new Promise((resolve) => {
      const ended = (outcome: LoadResult | string) => {
        forget();
        resolve(outcome);
      };
      const forget = this.channel.listen(slot, (said) => {
        if (!said) return ended('it is gone');
        if (!('load' in said) || said.load !== load) return;
        if (said.type === 'now') onNow(said.now);
        if (said.type === 'lost') ended(said.why);
        if (said.type === 'done') ended(byOurClock(said.result, clockOffsetMs));
      });
    });
  }

  async #ask(member: Member): Promise<void> {
    member.roundTripMs = Number.POSITIVE_INFINITY;
    for (let tries = 0; tries < PINGS; tries++) {
      const id = ++this.#numbers;
      const asked = performance.now();
      const askedAt = this.#clock.now();
      const answer = this.channel.answer(
        member.slot,
        ANSWER_MS,
        (said) => said.type === 'pong' && said.id === id,
      );
      this.channel.say(member.slot, { type: 'ping', id });
      const said = await answer;
      if (said?.type !== 'pong') return;
      const roundTripMs = performance.now() - asked;
      if (roundTripMs >= member.roundTripMs) continue;
      member.roundTripMs = roundTripMs;
      member.clockOffsetMs = said.clock - (askedAt + roundTripMs / 2);
    }
  }
}

/** Its times are by the clock of its machine. */
function byOurClock(result: LoadResult, offsetMs: number): LoadResult {
  const ours = (at: number) => Math.round(at - offsetMs);
  return {
    ...result,
    startedAt: ours(result.startedAt),
    fullAt: ours(result.fullAt),
    endedAt: ours(result.endedAt),
  };
}

function shareOf({ slot, node, clockOffsetMs, roundTripMs }: Member, part: LoadResult): GeneratorShare {
  const { startedAt, intended, delivered, sent, completed, error } = part;
  const tenths = (value: number) => Math.round(value * 10) / 10;
  return {
    slot,
    node,
    clockOffsetMs: tenths(clockOffsetMs),
    roundTripMs: tenths(roundTripMs),
    startedAt,
    intended,
    delivered,
    sent,
    completed,
    error,
  };
}
