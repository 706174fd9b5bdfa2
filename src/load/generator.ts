import { systemClock } from '../core/clock.ts';
import type { LoadNow } from '../core/events.ts';
import type { Load, LoadResult, RunningLoad } from './load.ts';
import { startLoad, type Worker } from './work.ts';

// The program of a process of its own, so that a busy load never stalls the clock of the run that it belongs to, and
// measures nobody's processor time but its own. It is spoken to by messages alone.

/** What it is told, and what it tells. */
export type ToGenerator = { type: 'start'; load: Load; worker: Worker } | { type: 'stop' };
export type FromGenerator =
  | { type: 'ready' }
  | { type: 'now'; now: LoadNow }
  | { type: 'done'; result: LoadResult };

/** How often it tells where it stands, in wall milliseconds. */
const TELL_MS = 250;

async function tellAgain(load: RunningLoad, signal: AbortSignal): Promise<void> {
  for (;;) {
    await systemClock.sleep(TELL_MS, signal);
    tell({ type: 'now', now: load.snapshot() });
  }
}

let running: RunningLoad | undefined;
const tell = (message: FromGenerator) => {
  if (process.connected) process.send?.(message);
};

process.on('message', (message: ToGenerator) => {
  if (message.type === 'stop') return void running?.stop();
  const load = startLoad(message.load, systemClock, message.worker);
  running = load;
  const over = new AbortController();
  tellAgain(load, over.signal).catch(() => {});
  load.finished.then((result) => {
    over.abort();
    tell({ type: 'done', result });
    if (process.connected) process.disconnect();
  });
});
// Its run has died, so nobody wants this load any more.
process.on('disconnect', () => {
  if (!running) return;
  running.stop();
});
// A Ctrl-C goes to everybody at the terminal. The run decides what becomes of its load.
process.on('SIGINT', () => {});
tell({ type: 'ready' });
