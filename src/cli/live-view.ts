import chalk from 'chalk';
import { createLogUpdate } from 'log-update';
import type { Clock } from '../core/clock.ts';
import { humanDuration } from '../core/duration.ts';
import type { Listener, RunEvent } from '../core/events.ts';
import { alertName } from '../core/labels.ts';
import { visible } from '../core/visible.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type AlertLine, advance, emptyView, type RunView } from './run-view.ts';
import { PHASE_NAMES } from './words.ts';

/** How a run is shown while it goes on. */
export interface Display {
  listen: Listener;
  /** Leaves the last picture standing and lets the terminal go. */
  end(): void;
}

/** How often a terminal is drawn anew, in wall milliseconds. */
export const REFRESH_MS = 200;
const BAR = 32;

/** A picture that is drawn anew five times a second, for a terminal. */
export function liveDisplay(
  scenario: Scenario,
  clock: Clock,
  speed: number,
  stream: NodeJS.WriteStream,
): Display {
  let view = emptyView(scenario.expect, clock.now());
  const update = createLogUpdate(stream, { showCursor: true });
  const over = new AbortController();
  const draw = () => update(picture(scenario, view, clock.now(), speed).join('\n'));
  const refresh = async () => {
    while (!over.signal.aborted) {
      draw();
      await clock.sleep(REFRESH_MS, over.signal).catch(() => {});
    }
  };
  void refresh();
  return {
    listen: (event) => {
      view = advance(view, event);
    },
    end() {
      over.abort();
      draw();
      update.done();
    },
  };
}

/** One line an event, with lab time, for logs and pipes. Repeated states are told once. */
export function plainDisplay(scenario: Scenario, clock: Clock, say: (line: string) => void): Display {
  let view = emptyView(scenario.expect, clock.now());
  const started = clock.now();
  const stamp = (at: number) => `[${((at - started) / 1000).toFixed(1).padStart(6)}s]`;
  return {
    listen: (event) => {
      const before = view;
      view = advance(view, event);
      for (const line of told(event, before, view)) say(`${stamp(event.at)} ${scenario.name}: ${line}`);
    },
    end() {},
  };
}

/** What is worth a line of log about one event. */
function told(event: RunEvent, before: RunView, after: RunView): string[] {
  if (event.type === 'phase') {
    const length = event.until === undefined ? '' : `, at least ${humanDuration(event.until - event.at)}`;
    return before.phase === event.phase && event.phase !== 'preflight'
      ? []
      : [`${PHASE_NAMES[event.phase]}${length}`];
  }
  if (event.type === 'step') return [visible(`${event.id} ${event.state}: ${event.detail}`)];
  if (event.type === 'note') return [visible(event.text)];
  if (event.type === 'due') {
    const { alert, labels } = after.alerts[event.due.index]!;
    const wait = (time: number) => humanDuration(time - event.at);
    return [
      `${alertName(alert, labels)} must fire in ${wait(event.due.earliest)} to ${wait(event.due.deadline)}`,
    ];
  }
  if (event.type === 'alerts') {
    return after.alerts.flatMap((line, i) =>
      line.state === before.alerts[i]!.state ? [] : [`${alertName(line.alert, line.labels)} ${line.state}`],
    );
  }
  return [];
}

function picture(scenario: Scenario, view: RunView, now: number, speed: number): string[] {
  const wide = Math.max(12, ...view.alerts.map(({ alert, labels }) => alertName(alert, labels).length));
  const lines = [
    `${chalk.bold(scenario.name)}  ${visible(scenario.title)}${speed === 1 ? '' : chalk.dim(`  ${speed}x`)}`,
    progress(view, now),
    '',
  ];
  for (const { name, connections, inFlight, completed, errors, failed } of view.loads) {
    const lost = errors > 0 ? chalk.yellow(`  ${errors} unanswered`) : '';
    const bad = failed > 0 ? chalk.yellow(`  ${failed} answered 5xx`) : '';
    lines.push(
      `${chalk.dim('load ')} ${name.padEnd(12)} ${connections} connections  ${inFlight} in flight  ${completed} done${bad}${lost}`,
    );
  }
  for (const { id, state, detail, at } of view.steps) {
    const since = state === 'effective' ? chalk.dim(`  for ${humanDuration(now - at)}`) : '';
    lines.push(`${chalk.dim('step ')} ${id.padEnd(12)} ${stepWord(state)}  ${visible(detail)}${since}`);
  }
  lines.push('');
  for (const line of view.alerts) {
    lines.push(
      `${chalk.dim('alert')} ${alertName(line.alert, line.labels).padEnd(wide)}  ${alertWord(line, now)}`,
    );
  }
  for (const { labels, state, tolerated } of view.others) {
    const word = tolerated ? chalk.dim(`${state}, tolerated`) : chalk.magenta(`${state}, not expected`);
    lines.push(`${chalk.dim('alert')} ${visible(labels.alertname ?? '').padEnd(wide)}  ${word}`);
  }
  if (view.note) lines.push('', chalk.yellow(visible(view.note)));
  return lines;
}

function progress({ phase, phaseSince, phaseUntil }: RunView, now: number): string {
  const name = PHASE_NAMES[phase];
  if (phaseUntil === undefined || phaseUntil <= phaseSince) return chalk.cyan(name);
  const share = Math.min(1, Math.max(0, (now - phaseSince) / (phaseUntil - phaseSince)));
  const full = Math.round(share * BAR);
  const bar = chalk.cyan('━'.repeat(full)) + chalk.dim('─'.repeat(BAR - full));
  return `${chalk.cyan(name)} ${bar} ${chalk.dim(`${humanDuration(Math.max(0, phaseUntil - now))} left`)}`;
}

function stepWord(state: RunView['steps'][number]['state']): string {
  if (state === 'effective') return chalk.red('in effect');
  if (state === 'failed') return chalk.red('failed   ');
  return state === 'ended' ? chalk.green('over     ') : chalk.yellow('requested');
}

/** The state, and the countdown to what must happen next. */
function alertWord({ state, due, firedAt }: AlertLine, now: number): string {
  if (firedAt !== undefined && due) {
    const late = firedAt > due.deadline;
    const when = late
      ? chalk.yellow(`late by ${humanDuration(firedAt - due.deadline)}`)
      : chalk.green('in time');
    return `${state === 'gone' ? chalk.green('resolved') : chalk.red('firing  ')} ${when}`;
  }
  const word = state === 'pending' ? chalk.yellow('pending ') : chalk.dim('waiting ');
  if (!due) return word;
  if (now > due.deadline) return `${word} ${chalk.red(`overdue by ${humanDuration(now - due.deadline)}`)}`;
  return `${word} ${chalk.dim(`must fire within ${humanDuration(due.deadline - now)}`)}`;
}
