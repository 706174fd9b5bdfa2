import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ChaosError, type Problem } from '../core/errors.ts';
import { openJson } from '../core/json-source.ts';
import { inOrder, MOST_PROBLEMS } from '../core/problems.ts';
import { readText } from '../core/read-file.ts';
import { SCHEMA_VERSION } from '../run/record.ts';
import type { RawSamples } from '../run/samples.ts';
import { valueAt } from '../scenario/keys.ts';
import { wording } from '../scenario/wording.ts';
import type { RunRecord } from './record.ts';
import { recordSchema } from './record-schema.ts';
import { decodeSamples, textOfSamples } from './samples.ts';

/** A record with the file it was read from, and that file's text. */
export interface RecordFile {
  file: string;
  text: string;
  record: RunRecord;
}

/**
 * Every run record below a folder of reports.
 * @throws ChaosError `usage` where there is no such folder, `bad-file` for a record that cannot be read
 */
export function readRecords(reports: string): RunRecord[] {
  return readRecordFiles(reports).map(({ record }) => record);
}

/** The same, with their files. */
export function readRecordFiles(reports: string): RecordFile[] {
  if (!existsSync(reports)) {
    throw new ChaosError('usage', `There is no folder ${reports}.`, {
      hint: 'chaos run writes records to reports/',
    });
  }
  const folders = readdirSync(reports).map((name) => join(reports, name));
  return folders.filter((folder) => existsSync(join(folder, 'run.json'))).map(readRecordAt);
}

/**
 * One record, named by its file or by the folder it lies in.
 * @throws ChaosError `bad-file` for what is no run record, with every problem in its place
 */
export function readRecordAt(path: string): RecordFile {
  const folder = statSync(path, { throwIfNoEntry: false })?.isDirectory();
  const file = folder ? join(path, 'run.json') : path;
  const read = readText(file, 'a run record', { mostBytes: MOST_BYTES });
  if (!('text' in read)) throw noRecord(file, [read.problem]);
  return { file, text: read.text, record: parseRecord(read.text, file) };
}

/** The same from a text. @throws as readRecordAt */
export function parseRecord(text: string, file: string): RunRecord {
  const { value, problems, problemIn } = openJson(text, file);
  if (problems.length > 0) throw noRecord(file, problems);
  const { schemaVersion } = Object(value) as Partial<RunRecord>;
  if (schemaVersion !== SCHEMA_VERSION) {
    const which = schemaVersion === undefined ? 'there is no schemaVersion' : `schemaVersion is another`;
    throw noRecord(file, [problemIn(['schemaVersion'], `${which}; ${SCHEMA_VERSION} is read here`)]);
  }
  const parsed = recordSchema.safeParse(value);
  if (parsed.success) return value as RunRecord;
  const found = parsed.error.issues.slice(0, 2 * MOST_PROBLEMS).map((issue) => {
    const said = valueAt(value, issue.path) === undefined ? 'is missing' : wording(issue);
    return problemIn(issue.path, `${issue.path.join('.') || 'this file'} ${said}`);
  });
  throw noRecord(file, inOrder(found));
}

function noRecord(file: string, problems: readonly Problem[]): ChaosError {
  return new ChaosError('bad-file', `${file} is no run record.`, {
    problems,
    hint: 'chaos run writes records to reports/<time>-<scenario>/run.json',
  });
}

/** Two hours of lab time are some MiB; a day, the longest run, has a tenth of this. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * The raw samples beside a record.
 * @returns undefined where it has none: an older record, or one of a Prometheus that could not be asked, or a copy
 *   without its folder
 * @throws ChaosError `bad-file` where they are not those that the record speaks of
 */
export function readSamplesOf(file: RecordFile): RawSamples | undefined {
  const text = samplesTextOf(file);
  return text === undefined ? undefined : decodeSamples(text);
}

/** Whether they are there, at a fraction of the cost of reading them. @throws as readSamplesOf */
export function hasSamples(file: RecordFile): boolean {
  return samplesTextOf(file) !== undefined;
}

function samplesTextOf({ file, record }: RecordFile): string | undefined {
  if (!record.samples) return undefined;
  const beside = join(dirname(file), record.samples.file);
  if (!existsSync(beside)) return undefined;
  const text = textOfSamples(readFileSync(beside), record.samples);
  if (text !== undefined) return text;
  throw new ChaosError('bad-file', `${beside} was changed after it was written: samples.`, {
    hint: 'take it, with its run.json, from where the two were first kept',
  });
}
