import { basename, dirname, join, relative } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { ChaosError, messageOf } from '../core/errors.ts';
import { readAssets } from './html/assets.ts';
import { comparePage } from './html/compare-page.ts';
import { indexPage } from './html/index-page.ts';
import { page } from './html/page.ts';
import type { RecordFile } from './read-records.ts';
import type { RunRecord } from './record.ts';

/** The page beside a record: report.html for run.json. */
export function pageOf(recordFile: string): string {
  const name = basename(recordFile);
  return join(
    dirname(recordFile),
    name === 'run.json' ? 'report.html' : `${name.replace(/\.json$/, '')}.html`,
  );
}

/** Makes the page of one run, and says where it is. @throws ChaosError `not-ready` where it cannot be written */
export async function writePage({ file, record }: Pick<RecordFile, 'file' | 'record'>): Promise<string> {
  return await writeText(pageOf(file), page(record, readAssets()));
}

/** Makes the list of all runs below a folder. @throws as writePage */
export async function writeIndex(reports: string, files: readonly RecordFile[]): Promise<string> {
  const listed = files.map(({ file, record }) => ({ record, href: relative(reports, pageOf(file)) }));
  return await writeText(join(reports, 'index.html'), indexPage(listed));
}

/** Lays two runs side by side in one page, and says where it is. @throws as writePage */
export async function writeComparison(into: string, a: RunRecord, b: RunRecord): Promise<string> {
  const name = `compare-${[a, b].map(({ startedAt }) => startedAt.replace(/[:.]/g, '-')).join('-')}.html`;
  return await writeText(join(into, name), comparePage(a, b));
}

/** Writes a file, whole or not at all, and says where. @throws as writePage */
export async function writeText(file: string, text: string): Promise<string> {
  try {
    await writeFileAtomic(file, text);
    return file;
  } catch (error) {
    throw new ChaosError('not-ready', `${file} could not be written: ${messageOf(error)}.`, { cause: error });
  }
}
