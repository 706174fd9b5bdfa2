// Kills a run at every point of every fault by every signal, and looks that nothing is left: npm run sweep.
import { parseArgs } from 'node:util';
import { pointsOf, SIGNALS, SWEPT, type Swept, stateBefore, sweepOne } from './support/sweep.ts';

const { values } = parseArgs({
  options: {
    only: { type: 'string', multiple: true },
    signal: { type: 'string', multiple: true },
    verbose: { type: 'boolean' },
  },
});
const types = values.only ?? Object.keys(SWEPT);
const signals = values.signal ?? SIGNALS;
const all: Swept[] = [];
for (const type of types) {
  const before = await stateBefore(type);
  const points = await pointsOf(type);
  for (const point of points)
    for (const signal of signals) {
      const swept = await sweepOne(type, point, signal, before);
      all.push(swept);
      if (values.verbose) console.log(`${type}, ${point}, ${signal}: ${swept.tookMs} ms`);
      if (!swept.reached) console.log(`not reached: ${type}, ${point}, ${signal}`);
      if (swept.broken) console.log(`BROKEN: ${type}, ${point}, ${signal}: ${swept.broken}`);
    }
  console.log(`${type}: ${points.length} points; ${summary(all.filter((one) => one.type === type))}`);
}
console.log(`in all ${summary(all)}`);
for (const signal of signals)
  console.log(`${signal}: ${summary(all.filter((one) => one.signal === signal))}`);
process.exitCode = all.some(({ broken }) => broken) ? 1 : 0;

function summary(some: readonly Swept[]): string {
  const reached = some.filter((one) => one.reached);
  const took = reached.map(({ tookMs }) => tookMs).sort((a, b) => a - b);
  const broken = some.filter((one) => one.broken).length;
  return `${reached.length} cases, ${broken} broken, ${some.length - reached.length} not reached; as before after ${took[took.length >> 1]} ms (median), ${took.at(-1)} ms (worst)`;
}
