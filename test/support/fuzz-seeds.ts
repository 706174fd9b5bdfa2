import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PACKAGE_DIR } from '../../src/core/paths.ts';

// Files that are right, from which the fuzz makes wrong ones.

/** The text of a file of the package. */
export const text = (path: string) => readFileSync(join(PACKAGE_DIR, path), 'utf8');
/** The texts of a folder's files. */
export const below = (dir: string) =>
  readdirSync(join(PACKAGE_DIR, dir)).map((name) => text(`${dir}/${name}`));

/** Those of the document. */
export function templates(): string[] {
  const blocks = text('docs/notifications.md').matchAll(/```json\n(.*?)```/gs);
  return [...blocks].map(([, template]) => template!);
}

/** As it was written, and as anyone could write it who makes no chain, with one of everything that may be listed. */
export function records(): string[] {
  const written = text('test/fixtures/record/run.json');
  const { chain: _, samples: __, ...record } = JSON.parse(written);
  const one = { alert: 'Other', labels: { job: 'api' }, firedAt: record.endedAt };
  const matchers = [{ name: 'alertname', value: 'X', isRegex: false, isEqual: true }];
  const silence = { id: 's', matchers, startsAt: record.zeroAt, endsAt: record.endedAt, createdBy: 'me' };
  const { before, after } = record.surroundings;
  const more = {
    unexpected: [one],
    forged: [{ ...one, seenAt: record.endedAt, startsAt: null }],
    newSilences: [silence],
    surroundings: { before: { ...before, silences: [] }, after: { ...after, silences: [silence] } },
    statusReason: 'a reason',
    control: 'no-fault',
    restarted: ['alertmanager'],
  };
  return [written, JSON.stringify({ ...record, ...more }, null, 2)];
}
