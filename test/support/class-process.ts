// Grades a class as a process that a test can kill: node class-process.js FOLDER MILLISECONDS. Each stack takes that long,
// and one line on stdout as it begins, and as it is done and kept.
import { join } from 'node:path';
import { systemClock } from '../../src/core/clock.ts';
import { gradeAll, gradeWith } from './class.ts';

const [dir, ms] = process.argv.slice(2) as [string, string];
const interrupt = new AbortController();
process.on('SIGINT', () => interrupt.abort(new Error('interrupted')));
await gradeAll(
  { file: join(dir, 'class.yaml'), out: join(dir, 'class.grades') },
  async ({ name }, { signal }) => {
    await systemClock.sleep(Number(ms), signal);
    // Some hundred KiB, so that writing takes a moment.
    return gradeWith(name.length, { unread: Array.from({ length: 3000 }, () => name.repeat(20)) });
  },
  {
    signal: interrupt.signal,
    on(event) {
      if (event.event === 'begun') process.stdout.write(`begun ${event.name}\n`);
      if (event.event !== 'done') return;
      const { result } = event;
      const what = 'reason' in result ? `not (${result.reason})` : result.kept ? 'kept' : 'graded';
      process.stdout.write(`${what} ${result.name}\n`);
    },
  },
);
