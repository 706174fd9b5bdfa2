import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { iso } from '../core/clock.ts';
import { ChaosError } from '../core/errors.ts';
import type { World } from '../faults/fault.ts';
import { writeText } from '../report/pages.ts';
import { folderOf } from '../report/record.ts';
import { Guard } from '../undo/guard.ts';
import { type Access, endAccess, newAccess, readAccess, writeAccess } from './access.ts';
import { drive } from './drive.ts';
import type { GameEvent } from './events.ts';
import { digestOf } from './folder.ts';
import { Game } from './game.ts';
import { EventLog } from './log.ts';
import { reportPage, resultText } from './report.ts';
import { type Result, resultOf } from './result.ts';
import { review } from './review.ts';
import type { Day } from './schedule.ts';
import { serveGame } from './server.ts';

export interface PlayInput {
  day: Day;
  world: World;
  mystery: boolean;
  /** The folder of a game day that is gone on with; else a new one is made below `reports`. */
  resume?: string | undefined;
  reports: string;
  /** Of the pages; 0 is any that is free, or that of the day that is gone on with. */
  port: number;
  signal: AbortSignal;
  say: (line: string) => void;
  /** Hears where the pages are, once they are. */
  onReady: (urls: { team: string; facilitator: string }) => void;
  onEvent: (event: GameEvent) => void;
}

export interface Ended {
  result: Result;
  report: string;
  /** What ended it before its time, but for the facilitator. */
  error: ChaosError | undefined;
}

/**
 * Plays a game day, or goes on with one, and writes its report.
 * @throws ChaosError where it cannot begin, with nothing done
 */
export async function playGame(input: PlayInput): Promise<Ended> {
  const { world, say, signal, onReady } = input;
  const { clock, lab } = world;
  // Also what an orchestrator that was killed has left: its reaper is waited for, or its work done.
  const guard = await Guard.begin(world, 'a game day', say);
  try {
    const { game, folder, access } = await openGame(input);
    const server = await serveGame(game, access, clock);
    try {
      await writeAccess(folder, { ...access, port: server.port });
      const url = (role: 'team' | 'facilitator') => `http://127.0.0.1:${server.port}/${role}#${access[role]}`;
      onReady({ team: url('team'), facilitator: url('facilitator') });
      const error = await drive({ game, world, guard, signal, say }).then(
        () => undefined,
        (thrown: unknown) => {
          if (thrown instanceof ChaosError) return thrown;
          throw thrown;
        },
      );
      // It could not begin, or not be gone on with, now; it can be later.
      const { over, interrupted } = game.state;
      if (!over && !interrupted && error) throw error;
      const result = resultOf(game.day, game.state, clock.now());
      const report = await writeText(
        join(folder, 'report.html'),
        reportPage(game.day, game.state, game.events, result),
      );
      await writeText(join(folder, 'review.md'), review(result));
      await writeText(join(folder, 'gameday.json'), resultText(result));
      // Who goes on with it finds it under the same addresses.
      if (over) await endAccess(folder);
      return { result, report, error };
    } finally {
      await server.end();
      await game.close();
    }
  } finally {
    await guard.end();
  }

  async function openGame({ day, resume, reports, mystery, port, onEvent }: PlayInput) {
    const now = clock.now();
    const name = `gameday-${day.name}`;
    const folder = resume ?? join(reports, folderOf({ startedAt: iso(now), scenario: name }));
    await mkdir(folder, { recursive: true, mode: 0o700 }).catch(() => {});
    const { log, events } = await EventLog.open(folder);
    const digest = digestOf(day);
    const [first] = events;
    if (first?.event === 'begun' && first.digest !== digest) {
      await log.close();
      throw new ChaosError('usage', `The schedule or a scenario of ${folder} is not what it was.`, {
        hint: 'put it back as it was, or begin another game day',
      });
    }
    const kept: Access | undefined = await readAccess(folder);
    const begun: GameEvent = {
      event: 'begun',
      at: now,
      name: day.name,
      lab: lab.name,
      speed: lab.speed,
      mystery,
      file: day.file,
      seed: day.seed,
      digest,
    };
    const next: GameEvent = first ? { event: 'resumed', at: now } : begun;
    await log.append(next);
    await log.settle();
    const game = new Game(day, log, [...events, next]);
    let heard = game.events.length;
    game.onChange(() => {
      for (; heard < game.events.length; heard++) onEvent(game.events[heard]!);
    });
    const fresh = kept ?? newAccess(lab.name, port);
    return { game, folder, access: port === 0 ? fresh : { ...fresh, port } };
  }
}
