// Injects or undoes one fault with its default fields, and prints what came of it: the other process of some tests.
import type { UndoNote } from '../../src/faults/fault.ts';
import { findFault } from '../../src/faults/index.ts';
import { world } from './faults.ts';

const [verb, type = '', json = ''] = process.argv.slice(2);
const fault = findFault(type)!;
const note = JSON.parse(json) as UndoNote;
const told =
  verb === 'inject'
    ? await fault.inject(fault.fields.parse({}), world, {
        signal: AbortSignal.timeout(20_000),
        forMs: 10_000,
        note,
      })
    : await fault.undo(note, world);
process.stdout.write(JSON.stringify(told));
