import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../src/core/clock.ts';
import type { DockerHost } from '../../src/docker/host.ts';
import {
  type ClassEvent,
  type ClassRequest,
  gradeClass,
  type StackResult,
} from '../../src/grade/class/grade-class.ts';
import type { GradeOne } from '../../src/grade/class/grade-one.ts';
import { readRoster } from '../../src/grade/class/roster.ts';
import { openStore } from '../../src/grade/class/store.ts';
import { type Grade, grade } from '../../src/grade/grade.ts';
import { readRubric } from '../../src/grade/rubric.ts';
import { submissionOf } from '../../src/grade/submission.ts';

/** A class on disk: its roster, and a folder of files for each stack that has one. */
export function classOf(roster: string, dirs: Record<string, Record<string, string>> = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-class-'));
  const file = join(dir, 'class.yaml');
  writeFileSync(file, roster);
  for (const [name, texts] of Object.entries(dirs)) {
    mkdirSync(join(dir, name));
    for (const [path, text] of Object.entries(texts)) writeFileSync(join(dir, name, path), text);
  }
  return { dir, file, out: join(dir, 'class.grades') };
}

const NOTHING = grade(submissionOf('it', { files: [], paths: new Set(), problems: [] }), readRubric(), 'en');

/** A grade of nothing, with another score. */
export function gradeWith(score: number, more: Partial<Grade> = {}): Grade {
  return { ...NOTHING, score, passed: score >= 70, ...more };
}

/** An engine of which nothing is asked. */
export function fakeHost(name: string, closed: string[] = []): DockerHost {
  return {
    name,
    docker: {} as DockerHost['docker'],
    address: '127.0.0.1',
    env: {},
    reach: async (port) => ({ host: '127.0.0.1', port }),
    close: async () => {
      closed.push(name);
    },
  };
}

/** Grades a class with a store of its own, and tells what came of it and what happened. */
export async function gradeAll(
  { file, out }: { file: string; out: string },
  gradeOne: GradeOne,
  more: Partial<ClassRequest> = {},
): Promise<{ stacks: StackResult[]; events: ClassEvent[] }> {
  const events: ClassEvent[] = [];
  const store = await openStore(out);
  try {
    const stacks = await gradeClass({
      ...{
        roster: readRoster(file),
        rubric: readRubric(),
        lang: 'en',
        version: '1',
        reports: 'reports',
        store,
        again: new Set(),
      },
      ...{ signal: new AbortController().signal, clock: systemClock, gradeOne },
      openHost: async (at) => fakeHost(at),
      on: (event) => events.push(event),
      ...more,
    });
    return { stacks, events };
  } finally {
    await store.close();
  }
}

/** Those that were graded now, in the order in which they began. */
export const begun = (events: readonly ClassEvent[]) =>
  events.flatMap((one) => (one.event === 'begun' ? [one.name] : []));
