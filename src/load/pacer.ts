import { type LoadStage, pieces } from './stages.ts';

// Pure: numbers in, numbers out. Nothing here knows what time it is.

/** How requests of the open model follow each other. */
export type Arrivals = 'constant' | 'poisson';

/**
 * The times at which requests are due, in milliseconds after the start, in order. The stages' levels are requests per
 * second, so the integral of the level, N(t), is how many are due by t. `constant` places the k-th (from 0) where
 * N(t) = k. `poisson` places them where N(t) has grown by an exponential step of mean 1: a Poisson process of that
 * rate, by the time-rescaling theorem (Brown et al. 2002, Neural Computation 14, 325-346).
 * @param random uniform in [0, 1); asked only for `poisson`
 */
export function* arrivals(
  stages: readonly LoadStage[],
  kind: Arrivals,
  random: () => number,
): Generator<number> {
  const step = kind === 'constant' ? () => 1 : () => -Math.log(1 - random());
  let due = kind === 'constant' ? 0 : step();
  let before = 0;
  for (const { startMs, lengthMs, from, to } of pieces(stages)) {
    const perMs = from / 1000;
    // Change of the rate, in requests per millisecond, per millisecond.
    const slope = (to - from) / 1000 / lengthMs;
    const within = to === from ? perMs * lengthMs : ((from + to) / 2000) * lengthMs;
    while (due - before < within) {
      yield startMs + reachedAfter(due - before, perMs, lengthMs === 0 ? 0 : slope);
      due += step();
    }
    before += within;
  }
}

/**
 * When a rate that starts at `perMs` and grows by `slope` has brought `count` requests: the root of
 * perMs x + slope x²/2 = count, in the form that neither cancels nor divides by a slope of 0.
 */
function reachedAfter(count: number, perMs: number, slope: number): number {
  if (count === 0) return 0;
  return (2 * count) / (perMs + Math.sqrt(Math.max(0, perMs * perMs + 2 * slope * count)));
}

/** Every `of`-th of a sequence, starting with number `index`: what one of several workers has to do. */
export function* share<T>(sequence: Iterable<T>, index: number, of: number): Generator<T> {
  let number = 0;
  for (const item of sequence) {
    if (number % of === index) yield item;
    number++;
  }
}

/** The same numbers in [0, 1) for the same seed, so that workers agree on one sequence. (mulberry32) */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
