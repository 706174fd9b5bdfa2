import chalk from 'chalk';
import { createLogUpdate } from 'log-update';
import type { Clock } from '../core/clock.ts';
import { humanDuration } from '../core/duration.ts';
import { visible } from '../core/visible.ts';
import type { ClassEvent, StackResult } from '../grade/class/grade-class.ts';
import type { Roster } from '../grade/class/roster.ts';
import { reasonOf } from '../grade/class/summary.ts';
import { CLASS } from '../grade/messages/class.ts';
import { REPORT } from '../grade/messages/titles.ts';
import type { Lang } from '../grade/messages/words.ts';
import { REFRESH_MS } from './live-view.ts';
import { safe } from './terminal.ts';

/** Shows a class while it is graded. */
export interface ClassView {
  on(event: ClassEvent): void;
  end(): void;
}

/**
 * Each stack that is finished is a line that stays. On a terminal those under way stand below, and how many are done;
 * elsewhere the beginning of each is a line too.
 */
export function classView(
  { stacks }: Pick<Roster, 'stacks'>,
  lang: Lang,
  clock: Clock,
  stream: NodeJS.WriteStream,
): ClassView {
  const began = clock.now();
  const wide = Math.max(...stacks.map(({ name }) => name.length));
  const running = new Map<string, { since: number; host: string; line: string }>();
  let done = 0;
  const count = () => `${done} ${CLASS.of[lang]} ${stacks.length} ${CLASS.done[lang]}`;
  const stamp = () => chalk.dim(`[${humanDuration(clock.now() - began).padStart(6)}]`);
  const moves = stream.isTTY && !process.env.CI;
  const update = moves ? createLogUpdate(stream, { showCursor: true }) : undefined;
  const over = new AbortController();

  const stay = (line: string) => {
    update?.clear();
    stream.write(`${safe(`${stamp()} ${line}`)}\n`);
  };
  const draw = () => {
    const room = (stream.columns ?? 80) - 1;
    const lines = [...running].map(([name, { since, host, line }]) =>
      visible(
        `  ${name.padEnd(wide)}  ${host}  ${humanDuration(Math.floor((clock.now() - since) / 1000) * 1000)}  ${line}`,
      ).slice(0, room),
    );
    update?.([...lines, chalk.dim(`  ${count()}`)].join('\n'));
  };
  const refresh = async () => {
    while (!over.signal.aborted) {
      draw();
      await clock.sleep(REFRESH_MS, over.signal).catch(() => {});
    }
  };
  if (update) void refresh();

  return {
    on(event) {
      if (event.event === 'done') {
        done += 1;
        running.delete(event.result.name);
        stay(`${doneLine(event.result, wide, lang)} ${chalk.dim(`(${count()})`)}`);
      } else if (event.event === 'begun') {
        const host = event.host ?? CLASS.filesAlone[lang];
        running.set(event.name, { since: clock.now(), host, line: '' });
        if (!update) stay(`${visible(event.name).padEnd(wide)}  ${CLASS.begun[lang]} (${visible(host)})`);
      } else {
        const known = running.get(event.name);
        if (known) known.line = event.line;
        if (!update) stay(`${visible(event.name).padEnd(wide)}  ${visible(event.line)}`);
      }
    },
    end() {
      over.abort();
      update?.clear();
      update?.done();
    },
  };
}

function doneLine(result: StackResult, wide: number, lang: Lang): string {
  const name = chalk.bold(visible(result.name).padEnd(wide));
  if (!('grade' in result))
    return `${name}  ${chalk.yellow(`${CLASS.notGraded[lang]}:`)} ${visible(reasonOf(result))}`;
  const { score, passed } = result.grade;
  const verdict = passed ? chalk.green(REPORT.passed[lang]) : chalk.red(REPORT.failed[lang]);
  const kept = result.kept ? chalk.dim(`, ${CLASS.kept[lang]}: ${result.gradedAt}`) : '';
  return `${name}  ${String(score).padStart(5)}  ${verdict}${kept}`;
}
