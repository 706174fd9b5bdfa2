import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { ChaosError, messageOf } from '../../core/errors.ts';
import { takeLock } from '../../core/lock.ts';
import { pidOf } from '../../core/process-identity.ts';
import { jsonText } from '../../core/visible.ts';
import { writeText } from '../../report/pages.ts';
import type { Grade } from '../grade.ts';
import { CHECK_TITLES, CHECKLIST, CRITERION_TITLES, LIVE_TITLES } from '../messages/titles.ts';

/** A grade as it is kept: `<stack>.json`. */
export interface Kept {
  schemaVersion: 1;
  name: string;
  /** Of what was graded: where it is another, it is graded again. */
  digest: string;
  /** ISO 8601, UTC. */
  gradedAt: string;
  tookMs: number;
  grade: Grade;
}

/** The folder in which a class's grades are kept, for as long as this process grades it. */
export interface Store {
  /** @returns undefined where there is none, or none that can be read */
  read(name: string): Promise<Kept | undefined>;
  /** Whole or not at all. @throws ChaosError `not-ready` */
  write(kept: Kept): Promise<void>;
  close(): Promise<void>;
}

const points = z.number().min(0).max(100);
const known = <Id extends string>(titles: Record<Id, unknown>) => z.enum(Object.keys(titles) as Id[]);
const shared = { points, of: points, evidence: z.array(z.string()) };
/** What is made of a grade needs this much of it; what it has beside goes on as it is. */
const gradeSchema = z.looseObject({
  dir: z.string(),
  mode: z.string(),
  score: points,
  pass: points,
  passed: z.boolean(),
  lang: z.enum(['en', 'fr']),
  criteria: z.array(
    z.looseObject({
      id: known(CRITERION_TITLES),
      ...shared,
      checks: z.array(
        z.looseObject({ id: known({ ...CHECK_TITLES, ...LIVE_TITLES }), asks: z.string(), ...shared }),
      ),
    }),
  ),
  findings: z.array(
    z.looseObject({
      id: z.string(),
      checks: z.array(z.string()),
      file: z.string(),
      line: z.number(),
      message: z.string(),
      fix: z.string(),
      points,
    }),
  ),
  checklist: z.array(z.looseObject({ id: known(CHECKLIST), ready: z.boolean(), by: z.array(z.string()) })),
  files: z.array(z.looseObject({ role: z.string(), file: z.string() })),
  promtool: z.boolean(),
  unread: z.array(z.string()),
  live: z
    .looseObject({
      project: z.string().nullable(),
      speed: z.number(),
      incidents: z.array(z.looseObject({ id: z.string(), record: z.string().nullable() })),
      undecided: z.boolean(),
    })
    .optional(),
});
const keptSchema = z.strictObject({
  schemaVersion: z.literal(1),
  name: z.string(),
  digest: z.string(),
  gradedAt: z.iso.datetime(),
  tookMs: z.number().min(0),
  grade: gradeSchema,
});

/** A kept grade from its text; undefined where it is none. Never throws. */
export function parseKept(text: string): Kept | undefined {
  try {
    const { success, data } = keptSchema.safeParse(JSON.parse(text));
    return success ? (data as unknown as Kept) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Opens the folder for this process alone.
 * @throws ChaosError `not-ready` where another process grades this class now, or where nothing can be written there
 */
export async function openStore(dir: string): Promise<Store> {
  const taken = await mkdir(dir, { recursive: true })
    .then(() => takeLock(join(dir, 'lock')))
    .catch((error) => {
      throw new ChaosError('not-ready', `Nothing can be kept in ${dir}: ${messageOf(error)}.`, {
        cause: error,
        hint: 'mend its permissions, or name another folder with --out',
      });
    });
  if ('owner' in taken)
    throw new ChaosError(
      'not-ready',
      `This class is being graded already, by process ${pidOf(taken.owner)}.`,
      {
        hint: `wait for it, or end it; two with a folder each: --out`,
      },
    );
  // What a process that was killed while it wrote has left.
  const left = (await readdir(dir)).filter((one) => /\.json\.\d+$/.test(one));
  await Promise.all(left.map((one) => rm(join(dir, one), { force: true })));
  const fileOf = (name: string) => join(dir, `${name}.json`);
  return {
    async read(name) {
      const text = await readFile(fileOf(name), 'utf8').catch(() => undefined);
      const kept = text === undefined ? undefined : parseKept(text);
      return kept?.name === name ? kept : undefined;
    },
    async write(kept) {
      await writeText(fileOf(kept.name), `${jsonText(kept)}\n`);
    },
    close: () => taken.lock.release(),
  };
}
