import chalk from 'chalk';
import { createLogUpdate } from 'log-update';
import type { Clock } from '../core/clock.ts';
import { humanDuration } from '../core/duration.ts';
import type { Lab } from '../core/lab.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type Display, REFRESH_MS } from './live-view.ts';
import { advance, emptyView, type RunView } from './run-view.ts';
import { safe } from './terminal.ts';
import { PHASE_NAMES } from './words.ts';

/** Several runs side by side, a line each, drawn anew five times a second. */
export function manyDisplay(scenarios: readonly Scenario[], clock: Clock, stream: NodeJS.WriteStream) {
  const wide = Math.max(...scenarios.map(({ name }) => name.length));
  const running = new Map<string, { lab: string; view: RunView }>();
  const ended = new Map<string, number>();
  const update = createLogUpdate(stream, { showCursor: true });
  const over = new AbortController();

  function draw(): void {
    const waiting = scenarios.filter(({ name }) => !running.has(name) && !ended.has(name));
    const lines = [...running].map(([name, { lab, view }]) =>
      line(name.padEnd(wide), lab, view, clock.now()),
    );
    const rest = `${ended.size} of ${scenarios.length} done${waiting.length > 0 ? `; next ${waiting.map(({ name }) => name).join(', ')}` : ''}`;
    update([...lines, chalk.dim(rest.slice(0, (stream.columns ?? 80) - 1))].join('\n'));
  }
  const refresh = async () => {
    while (!over.signal.aborted) {
      draw();
      await clock.sleep(REFRESH_MS, over.signal).catch(() => {});
    }
  };
  void refresh();

  return {
    display({ name, expect }: Scenario, lab: Lab): Display {
      running.set(name, { lab: lab.name, view: emptyView(expect, clock.now()) });
      return {
        listen: (event) => {
          const before = running.get(name);
          if (before) running.set(name, { ...before, view: advance(before.view, event) });
        },
        end: () => {
          running.delete(name);
          ended.set(name, clock.now());
        },
      };
    },
    /** A line above the moving ones, that stays. */
    say(text: string): void {
      update.clear();
      stream.write(`${safe(text)}\n`);
    },
    end(): void {
      over.abort();
      update.clear();
      update.done();
    },
  };
}

function line(name: string, lab: string, view: RunView, now: number): string {
  const fired = view.alerts.filter(({ firedAt }) => firedAt !== undefined).length;
  const broken = view.steps.filter(({ state }) => state === 'effective').map(({ id }) => id);
  const left =
    view.phaseUntil && view.phaseUntil > now ? `, ${humanDuration(view.phaseUntil - now)} left` : '';
  return [
    chalk.bold(name),
    chalk.dim(lab),
    chalk.cyan(PHASE_NAMES[view.phase]) + chalk.dim(left),
    view.alerts.length > 0 ? `${fired} of ${view.alerts.length} alerts` : '',
    broken.length > 0 ? chalk.red(`in effect: ${broken.join(', ')}`) : '',
  ]
    .filter((part) => part !== '')
    .join('  ');
}
