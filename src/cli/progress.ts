import chalk from 'chalk';
import { createLogUpdate } from 'log-update';
import type { Clock } from '../core/clock.ts';
import { humanDuration } from '../core/duration.ts';
import { visible } from '../core/visible.ts';

/** Shows what a long command is doing: one moving line on a terminal, a line each elsewhere. */
export interface Progress {
  say(line: string): void;
  /** Clears the moving line. */
  end(): void;
}

/** @param stream stderr where stdout belongs to JSON */
export function showProgress(stream: NodeJS.WriteStream, clock: Clock): Progress {
  const started = clock.now();
  const stamp = () => chalk.dim(`[${humanDuration(clock.now() - started).padStart(6)}]`);
  if (!stream.isTTY || process.env.CI) {
    let last = '';
    return {
      say(line) {
        if (line !== last) stream.write(`${stamp()} ${visible(line)}\n`);
        last = line;
      },
      end() {},
    };
  }
  const update = createLogUpdate(stream);
  return {
    say: (line) => update(`${stamp()} ${visible(line).slice(0, (stream.columns ?? 80) - 12)}`),
    end: () => update.clear(),
  };
}
