import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { ChaosError } from '../core/errors.ts';
import { openJson } from '../core/json-source.ts';
import { inOrder } from '../core/problems.ts';
import { readText } from '../core/read-file.ts';
import { writeWhole } from '../core/write-file.ts';
import { valueAt } from '../scenario/keys.ts';
import { wording } from '../scenario/wording.ts';

const FILE = 'runbook.json';
const SCHEMA_VERSION = 1;
/** In bytes: a notification has at most 1 MiB, its labels included. */
const MOST_BYTES = 4 * 1024 * 1024;

/** ISO 8601, UTC, milliseconds. */
const time = z.iso.datetime({ precision: 3 });
const ms = z.int();
const name = z.string().regex(/^[A-Za-z_]\w{0,99}$/, 'is no name of an alert');

const schema = z.strictObject({
  schemaVersion: z.literal(SCHEMA_VERSION),
  lab: z.string(),
  speed: z.number().positive(),
  alert: name,
  labels: z.record(z.string(), z.string()),
  /** When Prometheus began firing it. */
  startsAt: time,
  /** When its notification arrived, by the inbox's clock, and when that was read here. */
  notifiedAt: time,
  heardAt: time,
  /** Null where nobody was asked. */
  askedAt: time.nullable(),
  answeredAt: time.nullable(),
  /**
   * `restored`: something was done, and what it was for is there again; `not-restored`: it is not; `nothing-to-do`: no
   * step was needed; `declined`: a person said no; `interrupted`: ended in the middle.
   */
  status: z.enum(['restored', 'not-restored', 'nothing-to-do', 'declined', 'interrupted']),
  steps: z.array(
    z.strictObject({
      type: z.string(),
      target: z.string(),
      startedAt: time,
      endedAt: time,
      outcome: z.enum(['done', 'unneeded', 'failed', 'interrupted']),
      message: z.string(),
    }),
  ),
  /** When what the steps are for was seen to be there again. */
  restoredAt: time.nullable(),
  /** When Prometheus was seen without the alert; null where that was not waited for, or in vain. */
  resolvedAt: time.nullable(),
  /** Wall milliseconds until restoredAt. */
  timeToRestoreMs: z.strictObject({ fromNotification: ms, fromStartsAt: ms }).nullable(),
});

/** What was done about one stay of an alert, and how long it took. */
export type RunbookRecord = z.output<typeof schema>;
export type StepRecord = RunbookRecord['steps'][number];

/**
 * Writes `<reports>/<time>-runbook-<alert>/runbook.json`, whole or not at all.
 * @returns its path
 * @throws ChaosError `not-ready` where it cannot be written
 */
export async function writeRunbookRecord(reports: string, record: RunbookRecord): Promise<string> {
  const { heardAt, steps, alert } = record;
  const at = steps[0]?.startedAt ?? heardAt;
  const file = join(reports, `${at.replace(/[:.]/g, '-')}-runbook-${alert}`, FILE);
  return await writeWhole(file, `${JSON.stringify(record, null, 2)}\n`);
}

/** A record from its text. @throws ChaosError `bad-file` for what is none, with every problem in its place */
export function parseRunbookRecord(text: string, file: string): RunbookRecord {
  const { value, problems, problemIn } = openJson(text, file);
  const refuse = (found: typeof problems) =>
    new ChaosError('bad-file', `${file} is no record of a runbook.`, {
      problems: inOrder(found),
      hint: 'chaos runbook --auto writes them; remove it, or name another folder with --reports',
    });
  if (problems.length > 0) throw refuse(problems);
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw refuse(
    parsed.error.issues.map((issue) => {
      const said = valueAt(value, issue.path) === undefined ? 'is missing' : wording(issue);
      return problemIn(issue.path, `${issue.path.join('.') || 'this file'} ${said}`);
    }),
  );
}

/**
 * Every record of a runbook below a folder of reports, in the order of their folders' names; none where there is no folder.
 * @throws ChaosError `bad-file` for one that cannot be read
 */
export function readRunbookRecords(reports: string): RunbookRecord[] {
  if (!existsSync(reports)) return [];
  const files = readdirSync(reports).map((folder) => join(reports, folder, FILE));
  return files
    .filter(existsSync)
    .sort()
    .map((file) => {
      const read = readText(file, 'a record of a runbook', { mostBytes: MOST_BYTES });
      if ('text' in read) return parseRunbookRecord(read.text, file);
      throw new ChaosError('bad-file', `${file} cannot be read.`, { problems: [read.problem] });
    });
}
