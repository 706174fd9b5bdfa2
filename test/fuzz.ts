// Hands broken and hostile files to everything that reads files: npm run fuzz. Says how many, and what came of them.
import { parseArgs } from 'node:util';
import { fuzz } from './support/fuzz.ts';

const { values } = parseArgs({
  options: {
    inputs: { type: 'string', default: '20000' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
    only: { type: 'string' },
  },
});
const done = fuzz({
  inputs: Number(values.inputs),
  seed: Number(values.seed),
  only: values.only,
  say: (line) => console.log(line),
});
const escapes = done.filter((one) => one.escape !== undefined);
for (const one of escapes) console.log(`ESCAPE: ${one.target}\n${one.escape}`);
const sum = (of: 'refused' | 'accepted') => done.reduce((total, one) => total + one[of], 0);
console.log(
  `${sum('refused') + sum('accepted')} inputs, ${sum('refused')} refused, ${sum('accepted')} accepted, ${escapes.length} escapes (seed ${values.seed})`,
);
process.exitCode = escapes.length > 0 ? 1 : 0;
