import fc from 'fast-check';
import { examine, type Fate, inputsOf, TARGETS } from './fuzz-targets.ts';

export interface Fuzzed extends Record<Fate, number> {
  target: string;
  slowestMs: number;
  /** The smallest input that was found to escape, and how; undefined where none did. */
  escape: string | undefined;
}

interface Request {
  /** Over all kinds of files together, at least. */
  inputs: number;
  /** The same seed gives the same inputs. */
  seed: number;
  only?: string | undefined;
  say?: (line: string) => void;
}

/** Hands so many broken files to everything that reads files. */
export function fuzz({ inputs, seed, only, say = () => {} }: Request): Fuzzed[] {
  const targets = TARGETS.filter(({ name }) => only === undefined || name === only);
  return targets.map((target) => {
    const result: Fuzzed = { target: target.name, refused: 0, accepted: 0, slowestMs: 0, escape: undefined };
    const sources = target.seeds.flatMap((one) => inputsOf(target, one));
    const each = Math.ceil(inputs / targets.length / sources.length);
    for (const source of sources) {
      const property = fc.property(source, (text) => {
        const began = performance.now();
        result[examine(target, text)] += 1;
        result.slowestMs = Math.max(result.slowestMs, performance.now() - began);
      });
      const found = fc.check(property, { numRuns: each, seed, endOnFailure: false });
      if (found.failed) {
        const [smallest] = found.counterexample ?? [''];
        const { message, stack } = found.errorInstance as Error;
        result.escape = `${message.slice(0, 500)}\n${(stack ?? '').split('\n').slice(1, 6).join('\n')}\n${JSON.stringify(smallest).slice(0, 3000)}`;
        break;
      }
    }
    const { refused, accepted, slowestMs } = result;
    say(`${target.name}: ${refused} refused, ${accepted} accepted, the slowest ${Math.round(slowestMs)} ms`);
    return result;
  });
}
