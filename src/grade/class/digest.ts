import { createHash } from 'node:crypto';
import type { Folder } from '../find.ts';
import type { Lang } from '../messages/words.ts';
import type { Rubric } from '../rubric.ts';
import type { RosterEntry } from './roster.ts';

/** What a grade depends on. */
export interface Graded {
  entry: RosterEntry;
  rubric: Rubric;
  lang: Lang;
  /** Of the program: another one may see more. */
  version: string;
  /** What was handed in, as far as grading reads it. */
  folder?: Folder;
}

/** The SHA-256 of what is graded: the same as long as nothing has changed on which a grade from files depends. */
export function digestOf({ entry, rubric, lang, version, folder }: Graded): string {
  const { host, ...rest } = entry;
  const asked = {
    entry: sorted(rest),
    // How many are graded at once there makes no difference.
    at: host?.at,
    rubric: {
      pass: rubric.pass,
      criteria: sorted(rubric.criteria),
      checks: sorted(rubric.checks),
      live: sorted(rubric.live),
    },
    lang,
    version,
    files: folder?.files.map(({ path, text }) => [path, text]),
    paths: folder && [...folder.paths].sort(),
    unread: folder?.problems.map(({ file, message }) => [file, message]),
  };
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex');
}

function sorted(record: object): [string, unknown][] {
  return Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1));
}
