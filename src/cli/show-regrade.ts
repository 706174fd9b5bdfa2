import { hasSamples, type RecordFile } from '../report/read-records.ts';
import type { RunRecord } from '../report/record.ts';
import { checkChain, regrade, textOf } from '../report/regrade.ts';
import { summary } from '../report/summary.ts';
import { exitCodeOf, worstOf } from './exit-codes.ts';
import { paint } from './paint.ts';
import { say, sayJson } from './terminal.ts';
import { version } from './version.ts';

/**
 * Grades recorded runs again, shows what comes of it, and returns the exit code of the worst: the one that the run
 * itself had.
 * @throws ChaosError `bad-file` for a record that was changed, before anything is shown
 */
export function regradeAll(files: readonly RecordFile[], json: boolean): number {
  const notes = files.map(check);
  const graded = files.map(({ record }) => regrade(record));
  if (json) print(graded);
  else for (const [i, file] of files.entries()) tell(file, graded[i]!, notes[i]!);
  return worstOf(graded.map(exitCodeOf));
}

/** One record as its own file has it, so that the two can be compared; several as a list. */
export function print(records: readonly RunRecord[]): void {
  sayJson(records.length === 1 ? records[0] : records);
}

/** What is said of a record beside its verdict. @throws ChaosError `bad-file` for one that was changed */
export function check(file: RecordFile): string[] {
  checkChain(file.record, file.file, file.text);
  const notes: string[] = [];
  if (!file.record.chain) notes.push('It has no hash chain, so nobody can tell whether it was changed.');
  if (file.record.samples && !hasSamples(file)) notes.push(`${file.record.samples.file} is not beside it.`);
  return notes;
}

function tell({ file, text, record }: RecordFile, graded: RunRecord, notes: readonly string[]): void {
  const now = textOf(graded);
  for (const line of summary(graded)) say(paint(line, process.stdout.columns));
  say();
  say(`Record: ${file}`);
  if (text === now) say('The verdict is the same, byte for byte.');
  else if (now === textOf(record)) say('The verdict is the same; the file was only laid out anew.');
  else say(`The verdict is another: chaos ${record.versions.chaos} gave it, ${version()} does not.`);
  for (const note of notes) say(note);
  say();
}
